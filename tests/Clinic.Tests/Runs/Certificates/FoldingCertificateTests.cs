using TransformerClinic.Decoding;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs.Certificates;

namespace TransformerClinic.Tests.Runs.Certificates;

public class FoldingCertificateTests
{
    private static readonly DifferingTranslation Tie = new(
        7,
        "ein Baum",
        "a tree",
        -0.5000001,
        "one tree",
        -0.5000002,
        SameInFloat64: true
    );

    [Theory]
    [InlineData(1e-15, true)]
    [InlineData(1e-10, true)]
    [InlineData(1.1e-10, false)]
    [InlineData(double.NaN, false)]
    public void Logits_must_agree_in_float64(double relative, bool holds)
    {
        var certificate = Certificate(relative * 10);
        Assert.Equal(holds, certificate.Holds);
        Assert.Equal(holds, certificate.Verdict.Contains("is equal in function", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tie_that_float32_breaks_differently_is_reported_with_both_texts_and_the_gap_and_is_not_a_difference()
    {
        var certificate = Certificate(1e-14, Tie);
        Assert.True(certificate.Holds);
        Assert.Contains(
            "(99 of them in float32 already; in the others float32 breaks a tie differently)",
            certificate.Verdict,
            StringComparison.Ordinal
        );
        var summary = FoldingSummary.Text(certificate, "folded");
        Assert.Contains("99 of 100 translations identical", summary, StringComparison.Ordinal);
        Assert.Contains("line 7, scores 1e-07 apart, a tie", summary, StringComparison.Ordinal);
        Assert.Contains("original -0.500000: a tree", summary, StringComparison.Ordinal);
        Assert.Contains("folded   -0.500000: one tree", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_translation_that_differs_even_in_float64_is_a_difference_of_the_models()
    {
        var certificate = Certificate(1e-14, Tie, Tie with { SameInFloat64 = false });
        Assert.False(certificate.Holds);
        Assert.Contains("1 of 100 translations differ, even in float64", certificate.Verdict, StringComparison.Ordinal);
    }

    private static FoldingCertificate Certificate(double algebra, params DifferingTranslation[] differing) =>
        new()
        {
            Source = "run/model",
            Original = new CertifiedWeights("aa", 100, 400),
            Folded = new CertifiedWeights("bb", 90, 360),
            Stacks =
            [
                new StackFolding(StackName.Encoder, ResidualVariant.RezeroPostLn, 4, 1, 1, 0.1, 0.2, FirstScale.One),
            ],
            Text = [new CertifiedFile("test.tsv", "cc")],
            Logits = new LogitComparison(
                8,
                80,
                800,
                new LogitDifference(algebra, 10),
                new LogitDifference(1e-6, 10),
                new LogitDifference(1e-5, 10)
            ),
            Translations = new TranslationComparison(new DecodingOptions(), 100, 100 - differing.Length, differing),
        };
}
