using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>A translation that needs attention: the source read backwards, with each word replaced by its
/// counterpart.</summary>
internal static class ReversalTask
{
    private const int TrainingPairs = 20_000;
    private const int ValidationPairs = 200;
    private const long Seed = 1;

    /// <summary>The task with a given size.</summary>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public static TaskText Create(ReversalOptions options) =>
        new(
            Examples(OptionCheck.Valid(options, "reversal"), TrainingPairs, "train"),
            Examples(options, ValidationPairs, "valid"),
            Text.Vocabulary.Marks + options.Words,
            KeepsLength: true
        );

    private static ParallelExample[] Examples(ReversalOptions options, int count, string set)
    {
        var names = CounterRandom.Permutation(options.Words, Seed, "names", 0);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var length = options.Shortest + Below(options.Longest - options.Shortest + 1, $"{set} length", i);
                    int[] words =
                    [
                        .. Enumerable
                            .Range(0, length)
                            .Select(k => Below(options.Words, $"{set} word", (i * options.Longest) + k)),
                    ];
                    return new ParallelExample(
                        [.. words.Select(word => Text.Vocabulary.Marks + word), Text.Vocabulary.EndOfSentence],
                        [
                            .. words.Reverse().Select(word => Text.Vocabulary.Marks + names[word]),
                            Text.Vocabulary.EndOfSentence,
                        ]
                    );
                }),
        ];
    }

    private static int Below(int limit, string purpose, long position) =>
        (int)(CounterRandom.At(Seed, purpose, position) % (ulong)limit);
}
