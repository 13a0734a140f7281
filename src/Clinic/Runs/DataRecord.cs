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

    /// <summary>The sets whose examples differ from those of an earlier record; one that only this record has is no change.</summary>
    public IReadOnlyList<string> ChangedSets(DataRecord earlier) =>
        [.. earlier.Ids.Where(set => Ids.GetValueOrDefault(set.Key) is { } ids && ids != set.Value).Select(set => set.Key)];
}
