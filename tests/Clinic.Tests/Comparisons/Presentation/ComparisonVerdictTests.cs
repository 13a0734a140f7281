using TransformerClinic.Comparisons;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Reports;

namespace TransformerClinic.Tests.Comparisons.Presentation;

public class ComparisonVerdictTests
{
    [Fact]
    public void The_best_variant_is_named_and_failures_are_counted()
    {
        var verdict = ComparisonVerdict.Of(Patients.Comparison);

        Assert.Equal(
            "Admin reached the lowest validation loss, 1.877 nats per token (perplexity 6.5), 0.257 below Pre-LN.",
            verdict.Headline
        );
        Assert.Contains("Post-LN failed to train in 3 of 3 runs.", verdict.Details);
        Assert.Contains("BLEU of the test set: Admin 31.43, Pre-LN 28.37.", verdict.Details);
    }

    [Fact]
    public void Variants_whose_seeds_overlap_are_level() =>
        Assert.Contains(
            "seeds differ by as much, so the two are level (Welch's t test, p = 0.5528)",
            HeadlineOf(
                Patients.Compared(ResidualVariant.Admin, 1, 2.0, 30),
                Patients.Compared(ResidualVariant.Admin, 2, 2.2, 30),
                Patients.Compared(ResidualVariant.PreLn, 1, 2.1, 30),
                Patients.Compared(ResidualVariant.PreLn, 2, 2.3, 30)
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_small_difference_between_single_seeds_proves_nothing() =>
        Assert.Contains(
            "chance may decide",
            HeadlineOf(
                Patients.Compared(ResidualVariant.Admin, 1, 2.0, 30),
                Patients.Compared(ResidualVariant.PreLn, 1, 2.1, 30)
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_variant_alone_is_not_called_the_best()
    {
        Assert.StartsWith(
            "Only Admin trained",
            HeadlineOf(
                Patients.Compared(ResidualVariant.Admin, 1, 2.0, 30),
                Patients.Compared(ResidualVariant.PreLn, 1, 6.0, null)
            ),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Only Admin was run",
            HeadlineOf(Patients.Compared(ResidualVariant.Admin, 1, 2.0, 30)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "No run trained",
            HeadlineOf(Patients.Compared(ResidualVariant.Admin, 1, 6.0, null)),
            StringComparison.Ordinal
        );
        Assert.StartsWith("There are no runs", HeadlineOf(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unequal_conditions_are_reported()
    {
        var first = Patients.Compared(ResidualVariant.Admin, 1, 2.0, 30);
        var other = Patients.Compared(ResidualVariant.PreLn, 1, 3.0, 20);
        var verdict = Judge(
            first,
            other with
            {
                Run = other.Run with
                {
                    Results = other.Results with { Tokens = first.Results.Tokens / 2, BleuSignature = "another" },
                },
            }
        );

        Assert.Contains(
            verdict.Details,
            sentence =>
                sentence.Contains(
                    "did not see the same amount of text (3.7 million to 7.4 million",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            verdict.Details,
            sentence => sentence.Contains("different signatures", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_search_that_cannot_choose_is_told()
    {
        ComparedRun Tried(double rate) => MadeUpRun.Of(ResidualVariant.Admin, 5.9, RunOutcome.Stuck, rate);
        var report = Patients.Comparison with { Search = [Tried(1e-3), Tried(2e-3)] };

        Assert.Contains(
            "No training of the search learned more than token frequencies, so it was too short to choose a learning "
                + "rate, for Admin.",
            ComparisonVerdict.Of(report).Details
        );
    }

    private static string HeadlineOf(params ReportedRun[] runs) => Judge(runs).Headline;

    private static ComparisonVerdict Judge(params ReportedRun[] runs) =>
        ComparisonVerdict.Of(Patients.Comparison with { Runs = runs });
}
