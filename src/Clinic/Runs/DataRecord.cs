using TransformerClinic.Data;

namespace TransformerClinic.Runs;

/// <summary>What a run was trained on, as <c>data.json</c> holds it: hashes of the files and what became of their lines.</summary>
public sealed record DataRecord(IReadOnlyDictionary<string, string> Hashes, IReadOnlyList<Ledger> Ledgers)
{
    /// <summary>The record of a corpus.</summary>
    public static DataRecord Of(PreparedCorpus corpus)
    {
        var sets = new[] { ("train", corpus.Train), ("valid", corpus.Valid), ("test", corpus.Test) }.Where(set => set.Item2 is not null).ToList();
        return new DataRecord(
            sets.SelectMany(set => set.Item2!.Hashes.Select((hash, i) => (Key: $"{set.Item1} {i + 1}: {Path.GetFileName(hash.Key)}", hash.Value)))
                .ToDictionary(hash => hash.Key, hash => hash.Value, StringComparer.Ordinal),
            [.. sets.Select(set => set.Item2!.Ledger)]);
    }
}
