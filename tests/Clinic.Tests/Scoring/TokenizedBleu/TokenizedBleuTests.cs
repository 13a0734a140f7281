using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.TokenizedBleu;

namespace TransformerClinic.Tests.Scoring.TokenizedBleu;

/// <summary>The verification compares more of it with fairseq's own values.</summary>
public class TokenizedBleuTests
{
    private static readonly TokenizedBleuMetric Metric = new();

    [Fact]
    public void The_score_is_brevity_penalty_times_the_geometric_mean_of_precisions()
    {
        // 5 tokens against 6: matches 4 of 5, 3 of 4, 2 of 3, 1 of 2.
        var score = Metric.CorpusScore(["a b c d x"], ["a b c d y z"]);

        Assert.Equal(
            100 * Math.Exp(1 - (6.0 / 5)) * Math.Pow(4.0 / 5 * 3 / 4 * 2 / 3 * 1 / 2, 0.25),
            score.Score,
            1e-12
        );
        Assert.Equal(100 * Math.Exp(1 - (6.0 / 5)) * Math.Sqrt(4.0 / 5 * 3 / 4), score.Of(2), 1e-12);
        Assert.Equal(
            "BLEU4 = 54.75, 80.0/75.0/66.7/50.0 (BP=0.819, ratio=0.833, syslen=5, reflen=6)",
            score.ToString()
        );
    }

    [Fact]
    public void Punctuation_is_not_separated_from_words()
    {
        Assert.Equal(0, Metric.Corpus(["a b c, d"], ["a b c , d"]).Score);
        Assert.True(new BleuMetric().Corpus(["a b c, d"], ["a b c , d"]).Score > 99);
    }

    [Fact]
    public void An_empty_hypothesis_counts_its_end_mark()
    {
        // The counts are those that the reference recorded for five right words and an empty line against two.
        var score = Metric.CorpusScore(["a b c d e", ""], ["a b c d e", "x y"]);

        Assert.Equal((6, 7), (score.HypothesisLength, score.ReferenceLength));
        Assert.Equal([5, 4, 3, 2], score.Matches);
        Assert.Equal([6, 4, 3, 2], score.Totals);
        Assert.Equal(
            "BLEU4 = 80.88, 83.3/100.0/100.0/100.0 (BP=0.846, ratio=0.857, syslen=6, reflen=7)",
            score.ToString()
        );
        Assert.Equal([1, 0, 0, 0], Metric.CorpusScore([""], [" \t"]).Matches);
    }

    [Fact]
    public void The_unknown_word_matches_in_no_reference()
    {
        var score = Metric.CorpusScore(["a <unk> b"], ["a <unk> b"]);

        Assert.Equal([2, 0, 0, 0], score.Matches);
        Assert.Equal(
            [2, 0, 0, 0],
            Metric.ScoreOf(TokenizedBleuMetric.CountIds([7, 3, 8, 2], [7, 3, 8, 2], new TokenizedBleuIds())).Matches
        );
    }

    [Theory]
    [InlineData(new[] { 1, 1, 5, 6, 2, 1, 1 }, 2)]
    [InlineData(new[] { 1, 1, 2 }, 1)]
    [InlineData(new[] { 2, 2 }, 1)]
    [InlineData(new[] { 1, 1 }, 1)]
    [InlineData(new[] { 5, 1, 2, 6 }, 4)]
    public void Padding_and_end_marks_are_cut_off_but_one_token_remains(int[] ids, int length) =>
        Assert.Equal(
            length,
            Metric.ScoreOf(TokenizedBleuMetric.CountIds(ids, [5, 2], new TokenizedBleuIds())).HypothesisLength
        );

    [Fact]
    public void A_sentence_without_ids_is_refused() =>
        Assert.Throws<UserErrorException>(() => TokenizedBleuMetric.CountIds([], [2], new TokenizedBleuIds()));

    [Fact]
    public void Sentences_start_with_a_match_of_every_order_above_one()
    {
        var score = Metric.Sentence("one", "one two");

        Assert.Equal(100 * Math.Exp(-1), score.Score, 1e-12);
        Assert.Equal("nrefs:1|case:mixed|tok:fairseq-tokenized|plus1:yes", score.Signature.Split("|version:")[0]);
        Assert.Equal(0, Metric.Corpus(["one"], ["one two"]).Score);
    }

    [Fact]
    public void No_score_can_be_taken_for_sacreBLEUs()
    {
        var score = Metric.Corpus(["a b c d"], ["a b c d"]);

        Assert.Equal("fairseq-tokenized-BLEU = 100.00", score.ToString());
        Assert.StartsWith(
            "nrefs:1|case:mixed|tok:fairseq-tokenized|plus1:no|version:TransformerClinic-",
            score.Signature,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Several_references_are_a_user_mistake() =>
        Assert.Contains(
            "takes one reference, but there are 2",
            Assert.Throws<UserErrorException>(() => Metric.Corpus(["a"], ["a"], ["b"])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Any_text_scores_between_0_and_100_and_lines_may_be_permuted() =>
        AnyText
            .Line.Array[2, 8]
            .Sample(
                lines =>
                {
                    string[] others = [.. lines.Skip(1), lines[0]];
                    string[] Reversed(string[] texts) => [.. texts.Reverse()];
                    var score = new TokenizedBleuMetric(new TokenizedBleuOptions { PlusOne = true })
                        .Corpus(lines, others)
                        .Score;

                    Assert.InRange(score, 0, 100 + 1e-9);
                    Assert.Equal(
                        score,
                        new TokenizedBleuMetric(new TokenizedBleuOptions { PlusOne = true })
                            .Corpus(Reversed(lines), Reversed(others))
                            .Score,
                        1e-9
                    );
                },
                iter: 200
            );

    [Fact]
    public void The_reference_itself_is_perfect_by_sentence() =>
        AnyText
            .Line.Where(line => !line.Contains("<unk>", StringComparison.Ordinal))
            .Sample(line => Assert.Equal(100, Metric.Sentence(line, line).Score, 1e-9), iter: 300);
}
