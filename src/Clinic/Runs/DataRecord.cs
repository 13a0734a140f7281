using TransformerClinic.Data;

namespace TransformerClinic.Runs;

/// <summary>What a run was trained on, as <c>data.json</c> holds it.</summary>
/// <param name="Files">SHA-256 of the files, by set and path.</param>
/// <param name="Ids">
/// SHA-256 of each set's examples in order: what decides whether two runs train and test on the same.
/// </param>
/// <param name="Ledgers">How many lines of each set were kept, and why others were not.</param>
internal sealed record DataRecord(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Files,
    IReadOnlyDictionary<string, string> Ids,
    IReadOnlyList<Ledger> Ledgers
)
{
    /// <summary>The record of a corpus.</summary>
    public static DataRecord Of(PreparedCorpus corpus)
    {
        ITrainingSet[] sets = corpus.Test is null
            ? [corpus.Train, corpus.Valid]
            : [corpus.Train, corpus.Valid, corpus.Test];
        return new DataRecord(
            sets.ToDictionary(set => set.Ledger.Set, set => set.Hashes, StringComparer.Ordinal),
            sets.ToDictionary(set => set.Ledger.Set, set => set.HashOfIds(), StringComparer.Ordinal),
            [.. sets.Select(set => set.Ledger)]
        );
    }

    /// <summary>
    /// In what the examples of this record differ from those of an earlier one, in words; null if they are the same.
    /// Files may have been moved or written anew, and a set that only one of the records has is not a change.
    /// </summary>
    /// <remarks>
    /// The hash of a set's ids cannot tell why it changed: the subwords are learned from the training text, so another
    /// training text gives all sets other ids. The hashes of the files can.
    /// </remarks>
    public string? ChangesSince(DataRecord earlier)
    {
        string[] changed =
        [
            .. earlier.Ids.Keys.Where(set => Ids.TryGetValue(set, out var ids) && ids != earlier.Ids[set]),
        ];
        string[] byFiles = [.. changed.Where(set => OtherFiles(set, earlier).Count > 0)];
        string[] followed = [.. changed.Except(byFiles)];
        if (byFiles.Length == 0)
        {
            return changed.Length == 0
                ? null
                : $"the files of {Words(changed)} are the same, but give other examples: "
                    + "they are named in another order, or another version of the program prepares them";
        }

        var files = string.Join(
            "; ",
            byFiles.Select(set => $"data.{set} ({string.Join(", ", OtherFiles(set, earlier))})")
        );
        return followed.Length == 0 ? files
            : !byFiles.Contains("train")
                ? $"{files}; the files of {Words(followed)} are the same, but give other examples"
            : $"{files}; the files of {Words(followed)} are the same, "
                + "but the subwords are learned from data.train, so the ids changed with it";
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
