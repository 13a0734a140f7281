using System.Globalization;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Tests.Scoring.Bleu;

public class BleuTests
{
    private static readonly Gen<string[]> Corpus = AnyText.Line.Array[1, 6];

    [Fact]
    public void The_score_is_brevity_penalty_times_the_geometric_mean_of_precisions()
    {
        // 5 tokens against 6: matches 4 of 5, 3 of 4, 2 of 3, 1 of 2.
        var score = BleuScorer.Corpus(["a b c d x"], ["a b c d y z"]);

        Assert.Equal([4, 3, 2, 1], score.Matches);
        Assert.Equal([5, 4, 3, 2], score.Totals);
        Assert.Equal(
            100 * Math.Exp(1 - (6.0 / 5)) * Math.Pow(4.0 / 5 * 3 / 4 * 2 / 3 * 1 / 2, 0.25),
            score.Score,
            1e-10
        );
    }

    [Theory]
    [InlineData(BleuSmoothing.None, null, 0, 0, "none")]
    [InlineData(BleuSmoothing.Exponential, null, 100 / 4.0, 100 / 4.0, "exp")]
    [InlineData(BleuSmoothing.Floor, null, 100 * 0.1 / 2, 100 * 0.1 / 1, "floor[0.10]")]
    [InlineData(BleuSmoothing.Floor, 0.5, 100 * 0.5 / 2, 100 * 0.5 / 1, "floor[0.50]")]
    [InlineData(BleuSmoothing.AddK, null, 100 / 3.0, 100 / 2.0, "add-k[1.00]")]
    public void Orders_without_a_match_are_smoothed(
        BleuSmoothing smoothing,
        double? value,
        double third,
        double fourth,
        string name
    )
    {
        // 4 tokens: matches 3 of 4, 1 of 3, 0 of 2, 0 of 1; exponential smoothing counts 1/2 and then 1/4 of a match.
        var score = BleuScorer.Corpus(
            ["a b x c"],
            ["a b c z"],
            new BleuOptions { Smoothing = smoothing, SmoothingValue = value }
        );

        Assert.Equal([3, 1, 0, 0], score.Matches);
        Assert.Equal([third, fourth], score.Precisions[2..]);
        Assert.Contains($"|smooth:{name}|", score.Signature, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_counts_at_most_as_often_as_in_one_reference()
    {
        var score = BleuScorer.Corpus(
            ["the the the the the"],
            [
                ["the cat the"],
                ["the the the dog"],
            ]
        );

        Assert.Equal(3, score.Matches[0]);
        Assert.StartsWith("nrefs:2|", score.Signature, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "a b", "a b c d e f" }, 2)] // 4 is as far from 2 as from 6: the shorter counts
    [InlineData(new[] { "a", "a b c d e" }, 5)]
    public void The_reference_closest_in_length_counts(string[] references, int length) =>
        Assert.Equal(length, BleuScorer.Sentence("a b c d", references).ReferenceLength);

    [Fact]
    public void A_sentence_shorter_than_four_tokens_is_scored_by_its_own_orders()
    {
        Assert.Equal(100, BleuScorer.Sentence("a b", ["a b"]).Score, 1e-10);
        Assert.Equal(0, BleuScorer.Corpus(["a b"], ["a b"]).Score);
    }

    [Fact]
    public void Empty_hypotheses_score_zero()
    {
        var score = BleuScorer.Corpus(["", ""], ["a b c d", "e"]);

        Assert.Equal(
            (0, 0, 0L, 5L),
            (score.Score, score.BrevityPenalty, score.HypothesisLength, score.ReferenceLength)
        );
    }

    [Fact]
    public void Unequal_numbers_of_lines_are_a_user_mistake()
    {
        var exception = Assert.Throws<UserErrorException>(() => BleuScorer.Corpus(["a", "b"], ["a"]));

        Assert.Contains("2 lines of hypotheses but 1 of references", exception.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => BleuScorer.Corpus([], Array.Empty<string>()));
        Assert.Throws<UserErrorException>(() => BleuScorer.Sentence("a", []));
    }

    [Fact]
    public void The_signature_names_this_software_with_its_version()
    {
        var version = BleuScorer.Corpus(["a"], ["a"]).Signature.Split("|version:")[1];

        Assert.Matches(@"^TransformerClinic-\d+\.\d+\.\d+$", version);
    }

    [Fact]
    public void Exact_ties_are_printed_with_the_even_digit_as_Python_does()
    {
        // 81.25 -> 81.2 (even), 0.125 -> 0.12; 0.15 is below its tie in binary, so it is not a tie.
        var score = new BleuScore(0.125, [81.25, 81.75, 0.15, 0], 1, 1, 1, "", [], []);

        Assert.StartsWith("BLEU = 0.12 81.2/81.8/0.1/0.0 (BP = 1.000", score.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_score_line_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Contains(
                "BLEU = 100.00 100.0",
                BleuScorer.Corpus(["a b c d"], ["a b c d"]).ToString(),
                StringComparison.Ordinal
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Any_text_scores_between_0_and_100_and_the_reference_itself_is_perfect() =>
        Gen.Select(Corpus, Gen.Enum<BleuTokenization>(), Gen.Enum<BleuSmoothing>(), Gen.Bool)
            .Sample(
                (lines, tokenization, smoothing, lowerCase) =>
                {
                    var options = new BleuOptions
                    {
                        Tokenization = tokenization,
                        Smoothing = smoothing,
                        LowerCase = lowerCase,
                    };
                    Assert.InRange(BleuScorer.Corpus(lines, [.. lines.Reverse()], options).Score, 0, 100 + 1e-9);
                    var perfect = BleuScorer.Corpus(lines, lines, options with { EffectiveOrder = true });
                    Assert.Equal(perfect.HypothesisLength > 0 ? 100 : 0, perfect.Score, 1e-9);
                },
                iter: 300
            );
}
