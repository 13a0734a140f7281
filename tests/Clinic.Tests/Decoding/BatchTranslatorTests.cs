using TorchSharp;
using TransformerClinic.Decoding;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

public sealed class BatchTranslatorTests : IDisposable
{
    private static readonly string[] Lines =
    [
        "the old river",
        "a bird sees the quiet cat under every tree",
        "the cat the cat the cat",
        "every old bird sees a river",
    ];

    private static readonly SubwordModel Subwords = SubwordModel.Learn(
        Lines,
        new SubwordOptions { Merges = 60, MinPairCount = 1 }
    );

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly BatchTranslator _translator;

    public BatchTranslatorTests() =>
        _translator = new BatchTranslator(
            [SmallModel.Create(Subwords.Vocabulary.Count, 5, dim: 16)],
            Subwords,
            new DecodingOptions { Beam = 3 },
            new TranslatorOptions()
        );

    [Fact]
    public void A_sentence_that_is_given_up_has_no_translation_and_changes_no_other()
    {
        var expected = Translate(Lines, betweenSteps: null);
        using var leaves = new CancellationTokenSource();
        var steps = 0;

        var found = Translate(
            Lines,
            betweenSteps: () =>
            {
                if (++steps == 3)
                {
                    leaves.Cancel();
                }
            },
            givenUp: (Line: 1, leaves.Token)
        );

        Assert.True(steps > 3, "the others went on");
        Assert.Null(found[1]);
        Assert.Equal([expected[0], expected[2], expected[3]], [found[0], found[2], found[3]]);
    }

    [Fact]
    public void A_batch_whose_every_sentence_is_given_up_ends_at_its_next_step()
    {
        using var leaves = new CancellationTokenSource();
        var steps = 0;

        var found = Translate(
            [Lines[1]],
            betweenSteps: () =>
            {
                steps++;
                leaves.Cancel();
            },
            givenUp: (0, leaves.Token)
        );

        Assert.Null(found[0]);
        Assert.Equal(1, steps);
    }

    [Fact]
    public void Another_batch_between_two_steps_changes_neither()
    {
        var expected = Translate(Lines, betweenSteps: null);
        var inner = new List<(string, double)?[]>();

        var outer = Translate(
            Lines,
            betweenSteps: () => inner.Add([.. Translate([Lines[3], Lines[0]], betweenSteps: null)])
        );

        Assert.Equal(expected, outer);
        Assert.True(inner.Count > 3);
        Assert.All(inner, found => Assert.Equal([expected[3], expected[0]], found));
    }

    public void Dispose() => _scope.Dispose();

    private IReadOnlyList<(string Text, double Score)?> Translate(
        string[] lines,
        Action? betweenSteps,
        (int Line, CancellationToken Token)? givenUp = null
    ) =>
        [
            .. _translator
                .Translate(
                    [
                        .. lines.Select(
                            (line, number) =>
                                _translator.Read(new TranslationRequest(line)).Sentence! with
                                {
                                    GiveUp = givenUp?.Line == number ? givenUp.Value.Token : default,
                                }
                        ),
                    ],
                    betweenSteps,
                    CancellationToken.None
                )
                .Select(found => found is null ? ((string, double)?)null : (found.Text, found.Score)),
        ];
}
