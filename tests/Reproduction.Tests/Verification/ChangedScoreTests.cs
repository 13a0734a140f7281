using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>A recorded score that is changed makes just its own quantity fail.</summary>
public class ChangedScoreTests
{
    [Theory]
    [InlineData("bleu_intl", 52.22, "metrics/bleu_intl")]
    [InlineData("bleu_13a_lowercase", 58.41, "metrics/bleu_13a_lowercase")]
    public void A_score_of_a_corpus(string score, double value, string quantity)
    {
        using var recorded = new Recorded("metrics");
        recorded.Change(
            "metrics/metrics.json",
            metrics =>
            {
                metrics["sacrebleu"]![score]!["score"] = value;
                metrics["sacrebleu"]![score]!["string"] = $"BLEU = {value}";
            }
        );

        Assert.Equal([quantity], recorded.Failures("metrics"));
    }

    [Fact]
    public void A_second_decimal_of_a_sentences_score()
    {
        using var recorded = new Recorded("metrics");
        recorded.Change(
            "metrics/metrics.json",
            metrics => metrics["sacrebleu"]!["sentence_bleu_13a_exp_effective_order"]![1] = 72.094
        );

        Assert.Equal(["metrics/sentence_bleu_13a_exp_effective_order"], recorded.Failures("metrics"));
    }

    [Theory]
    [InlineData("sentence_chrf", 64.824)]
    [InlineData("sentence_chrf++", 61.726)]
    public void A_second_decimal_of_a_sentences_chrF(string score, double value)
    {
        using var recorded = new Recorded("metrics");
        recorded.Change("metrics/metrics.json", metrics => metrics["sacrebleu"]![score]![0] = value);

        Assert.Equal([$"metrics/{score}"], recorded.Failures("metrics"));
    }

    [Theory]
    [InlineData("chrf_whitespace", "chrF2 = 75.29")]
    [InlineData("chrf++", "chrF2 = 71.44")]
    public void A_line_of_chrF(string score, string line)
    {
        using var recorded = new Recorded("metrics");
        recorded.Change("metrics/metrics.json", metrics => metrics["sacrebleu"]![score]!["string"] = line);

        Assert.Equal([$"metrics/{score}"], recorded.Failures("metrics"));
    }

    [Fact]
    public void A_count_of_tokenized_BLEU_which_is_named()
    {
        using var recorded = new Recorded("metrics");
        recorded.Change(
            "metrics/metrics.json",
            metrics =>
            {
                var tokenised = metrics["fairseq_libbleu"]!;
                tokenised["corpus"]!["stats"]!["match3"] = 120;
                tokenised["corpus_ignore_case"]!["score"]!["2"] = 64.87423;
                tokenised["integer_cases_pad1_eos2_unk3"]!["cases"]![4]!["hyp"]![2] = 4;
                tokenised["sentence_bleu_plus1"]![3]!["string"] = "BLEU4 = 0.00";
                tokenised["empty_hypothesis_line"]!["brevity_penalty"] = 1;
            }
        );

        Assert.Equal(
            [
                "corpus",
                "corpus_ignore_case",
                "sentence_bleu_plus1",
                "integer_cases_pad1_eos2_unk3",
                "empty_hypothesis_line",
            ],
            recorded.Failures("metrics").Select(name => name.Split('/')[^1])
        );
        Assert.StartsWith(
            "counts '384 401 293/384 180/334 121/285 77/236' instead of",
            recorded.Verify("metrics/fairseq_libbleu/corpus").Quantities[0].Detail,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_tokenized_line_which_is_named()
    {
        using var recorded = new Recorded("metrics");
        recorded.Change(
            "metrics/metrics.json",
            metrics => metrics["sacrebleu"]!["tokenized_13a_ref"]![11] = "another line"
        );

        var failed = Assert.Single(
            recorded.Verify("metrics").Quantities,
            quantity => quantity.Verdict == Verdict.Fails
        );
        Assert.Equal("metrics/tokenized_13a_ref", failed.Name);
        Assert.StartsWith("line 12 is", failed.Detail, StringComparison.Ordinal);
    }
}
