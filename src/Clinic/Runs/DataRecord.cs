using TransformerClinic.Data;

namespace TransformerClinic.Runs;

/// <summary>What a run was trained on, as <c>data.json</c> holds it.</summary>
/// <param name="Files">SHA-256 of the files, by set and path.</param>
/// <param name="Ids">SHA-256 of each set's examples in order: what decides whether two runs train and test on the same.</param>
/// <param name="Ledgers">What became of each set's lines.</param>
public sealed record DataRecord(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Files,
    IReadOnlyDictionary<string, string> Ids,
    IReadOnlyList<Ledger> Ledgers)
{
    /// <summary>The record of a corpus.</summary>
    public static DataRecord Of(PreparedCorpus corpus)
    {
        PreparedSet[] sets = corpus.Test is null ? [corpus.Train, corpus.Valid] : [corpus.Train, corpus.Valid, corpus.Test];
        return new DataRecord(
            sets.ToDictionary(set => set.Ledger.Set, set => set.Hashes, StringComparer.Ordinal),
            sets.ToDictionary(set => set.Ledger.Set, set => set.HashOfIds(), StringComparer.Ordinal),
            [.. sets.Select(set => set.Ledger)]);
    }

    /// <summary>
    /// In what the examples of this record differ from those of an earlier one, in words; null if they are the same. Files may have been moved
    /// or written anew, and a set that only one of the records has is no change.
    /// </summary>
    /// <remarks>
    /// The hash of a set's ids cannot tell why it changed: the subwords are learned from the training text, so another training text gives
    /// all sets other ids. The hashes of the files can.
    /// </remarks>
    public string? ChangesSince(DataRecord earlier)
    {
        List<string> changed = [.. earlier.Ids.Where(set => Ids.GetValueOrDefault(set.Key) is { } ids && ids != set.Value).Select(set => set.Key)];
        List<(string Set, IReadOnlyList<string> Files)> byFiles =
            [.. changed.Select(set => (set, OtherFiles(set, earlier))).Where(entry => entry.Item2.Count > 0)];
        List<string> followed = [.. changed.Except(byFiles.Select(entry => entry.Set))];
        if (byFiles.Count == 0)
        {
            return changed.Count == 0 ? null
                : $"{Words(changed)} holds the same files, but gives other examples: the files are named in another order, or another version of the program prepares them";
        }

        var files = string.Join("; ", byFiles.Select(entry => $"{Words([entry.Set])} ({string.Join(", ", entry.Files)})"));
        return followed.Count == 0 ? files
            : byFiles.Any(entry => entry.Set == "train")
                ? $"{files}; the files of {Words(followed)} are the same, but the subwords are learned from data.train, so the ids changed with it"
            : $"{files}; {Words(followed)} holds the same files, but gives other examples";
    }

    /// <summary>The files of a set whose content the earlier record does not have.</summary>
    private IReadOnlyList<string> OtherFiles(string set, DataRecord earlier)
    {
        if (!Files.TryGetValue(set, out var now) || !earlier.Files.TryGetValue(set, out var before))
        {
            return [];
        }

        List<string> other = [.. now.Where(file => !before.Values.Contains(file.Value)).Select(file => file.Key)];
        return other.Count == 0 && now.Count != before.Count ? [.. now.Keys] : other;
    }

    private static string Words(IReadOnlyList<string> sets) => string.Join(" and ", sets.Select(set => $"data.{set}"));
}
