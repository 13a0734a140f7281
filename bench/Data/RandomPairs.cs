using TransformerClinic.Data;

namespace TransformerClinic.Bench.Data;

/// <summary>Pairs of random words: time and memory do not depend on what a sentence says.</summary>
internal static class RandomPairs
{
    /// <summary>Default number of ids, including the marks.</summary>
    public const int Vocabulary = 1000;

    /// <summary>
    /// Pairs whose sides have from <paramref name="shortest"/> to <paramref name="longest"/> ids each, the end mark
    /// included.
    /// </summary>
    public static IReadOnlyList<ParallelExample> Draw(
        int count,
        int shortest,
        int longest,
        int seed,
        int vocabulary = Vocabulary
    )
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ParallelExample(Side(), Side()))];

        int[] Side() =>
            [
                .. Enumerable
                    .Range(0, random.Next(shortest, longest + 1) - 1)
                    .Select(_ => random.Next(Text.Vocabulary.Marks, vocabulary)),
                Text.Vocabulary.EndOfSentence,
            ];
    }
}
