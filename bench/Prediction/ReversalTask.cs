using TransformerClinic.Data;

namespace TransformerClinic.Bench.Prediction;

/// <summary>A translation that needs attention: the source read backwards, each word by its other name.</summary>
internal static class ReversalTask
{
    public const int TokensPerBatch = 400;
    public const int Vocabulary = Text.Vocabulary.Marks + Words;
    private const int Words = 16;
    private const int Shortest = 2;
    private const int Longest = 5;
    private const long Seed = 1;

    public static IReadOnlyList<ParallelExample> Train => Examples(20_000, "train");

    public static IReadOnlyList<ParallelExample> Valid => Examples(200, "valid");

    private static ParallelExample[] Examples(int count, string set)
    {
        var names = CounterRandom.Permutation(Words, Seed, "names", 0);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var length = Shortest + Below(Longest - Shortest + 1, $"{set} length", i);
            int[] words = [.. Enumerable.Range(0, length).Select(k => Below(Words, $"{set} word", (i * Longest) + k))];
            return new ParallelExample(
                [.. words.Select(word => Text.Vocabulary.Marks + word), Text.Vocabulary.EndOfSentence],
                [.. words.Reverse().Select(word => Text.Vocabulary.Marks + names[word]), Text.Vocabulary.EndOfSentence]);
        })];
    }

    private static int Below(int limit, string purpose, long position) => (int)(CounterRandom.At(Seed, purpose, position) % (ulong)limit);
}
