using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A language pair that is learned in seconds: the translation is the source read backwards.</summary>
internal static class Reversal
{
    public static IReadOnlyList<ParallelExample> Examples(int count, long seed, int longest = 6) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var length = 1 + (int)(CounterRandom.At(seed, "length", i) % (ulong)longest);
                    int[] words =
                    [
                        .. Enumerable
                            .Range(0, length)
                            .Select(k => 4 + (int)(CounterRandom.At(seed, "word", (i * longest) + k) % 16)),
                    ];
                    return new ParallelExample(
                        [.. words, Vocabulary.EndOfSentence],
                        [.. words.Reverse(), Vocabulary.EndOfSentence]
                    );
                }),
        ];

    /// <summary>One batch of all of them.</summary>
    public static Batch Batch(int count, long seed, int longest = 6) =>
        new(Examples(count, seed, longest), [.. Enumerable.Range(0, count)]);
}
