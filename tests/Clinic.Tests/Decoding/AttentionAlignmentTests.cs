using TransformerClinic.Decoding;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

public sealed class AttentionAlignmentTests
{
    private static readonly SubwordModel Subwords = SubwordModel.Learn(
        ["ab cd", "xy z."],
        new SubwordOptions { Merges = 0 }
    );

    [Fact]
    public void A_word_is_aligned_with_the_word_that_its_subwords_attend_to_most()
    {
        // Without merges a space is a separate piece: " ", a, b, " ", c, d, end and " ", x, y, " ", z, ., end.
        int[] source = [.. Subwords.Encode("ab cd"), Vocabulary.EndOfSentence],
            target = [.. Subwords.Encode("xy z."), Vocabulary.EndOfSentence];
        Assert.Equal((7, 7), (source.Length, target.Length));
        var attention = Enumerable.Range(0, 7).Select(_ => new float[7]).ToArray();
        (attention[1][4], attention[1][1], attention[2][5]) = (0.4f, 0.5f, 0.9f); // xy: 1.3 to cd, 0.5 to ab
        (attention[4][2], attention[4][6], attention[5][6]) = (0.3f, 0.7f, 1f); // z.: the end mark does not count
        var hypothesis = new Hypothesis(target, 0, []) { Attention = attention };

        var alignment = AttentionAlignment.Of(Subwords, source, hypothesis);

        Assert.Equal([(1, 0), (0, 1)], alignment);
        Assert.Equal("1-0 0-1", AttentionAlignment.Text(alignment));
        Assert.Throws<ArgumentException>(() =>
            AttentionAlignment.Of(Subwords, source, hypothesis with { Attention = null })
        );
    }

    [Fact]
    public void A_translators_hypotheses_have_a_link_for_every_word()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5);
        using var translator = new Translator(
            [model],
            Subwords,
            new DecodingOptions { Beam = 3 },
            new TranslatorOptions { Attention = true, Workers = 2 }
        );

        foreach (
            var translation in translator.Translate(
                ["ab cd", "", "xy"],
                cancellation: TestContext.Current.CancellationToken
            )
        )
        {
            foreach (var hypothesis in translation.Hypotheses)
            {
                var words = Subwords.Decode(hypothesis.Tokens).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
                var alignment = AttentionAlignment.Of(Subwords, translation.Source, hypothesis);
                Assert.Equal(Enumerable.Range(0, words), alignment.Select(link => link.Target));
            }
        }
    }
}
