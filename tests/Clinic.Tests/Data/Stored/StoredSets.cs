using TransformerClinic.Data;
using TransformerClinic.Data.Stored;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Stored;

/// <summary>Stored sets for tests.</summary>
internal static class StoredSets
{
    /// <summary>A model of a few words; its vocabulary is small.</summary>
    public static BytePairModel Subwords { get; } =
        SubwordModel.Learn(["a few words", "a few more words"], new SubwordOptions { Merges = 10 });

    public static StoredOrigin NoOrigin { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>Writes examples; an example's line is its place from 1, its file the place modulo a number.</summary>
    public static void Write(
        string folder,
        IReadOnlyList<ParallelExample> examples,
        int vocabulary,
        int pairsPerShard = 1 << 20,
        int corpora = 1
    )
    {
        using var writer = new StoredSetWriter(folder, examples.Count, vocabulary, pairsPerShard);
        for (var i = 0; i < examples.Count; i++)
        {
            writer.Add(examples[i].Source, examples[i].Target, i % corpora, i + 1);
        }

        writer.Finish(
            new Ledger("train", examples.Count, examples.Count, []),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["train.tsv"] = "hash" },
            Subwords,
            NoOrigin
        );
    }

    /// <summary>Writes examples and opens them.</summary>
    public static StoredSet Make(
        string folder,
        IReadOnlyList<ParallelExample> examples,
        int vocabulary,
        int pairsPerShard = 1 << 20,
        int corpora = 1
    )
    {
        Write(folder, examples, vocabulary, pairsPerShard, corpora);
        return StoredSet.Open(folder);
    }

    /// <summary>Examples of random ids, each side ending with the end mark.</summary>
    public static ParallelExample[] Random(int count, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ParallelExample(Side(), Side()))];

        int[] Side() =>
            [
                .. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(Vocabulary.Marks, vocabulary)),
                Vocabulary.EndOfSentence,
            ];
    }
}
