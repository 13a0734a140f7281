using TransformerClinic.Comparisons;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Comparisons;

/// <summary>Runs of comparisons, made up.</summary>
internal static class MadeUpRun
{
    public static ComparedRun Of(
        ResidualVariant variant,
        double? nll,
        RunOutcome outcome = RunOutcome.Stable,
        double rate = 1e-3,
        long seed = 1,
        double seconds = 100,
        double memory = 500,
        long tokens = 500_000
    ) =>
        new()
        {
            Candidate = Candidate.Of(variant),
            LearningRate = rate,
            Seed = seed,
            MemoryMiB = memory,
            Results = new RunResults
            {
                Recipe = "made-up",
                EncoderVariant = variant,
                DecoderVariant = variant,
                EncoderLayers = 18,
                DecoderLayers = 18,
                Seed = seed,
                Parameters = 1000,
                End = TrainingEnd.Finished,
                Updates = 1000,
                SkippedUpdates = 0,
                Tokens = tokens,
                Seconds = seconds,
                Averaged = 1,
                ValidationLoss = nll,
                ValidationPerplexity = nll is { } value ? Math.Exp(value) : null,
                UnigramNll = 6,
                Outcome = outcome,
                Verdict = $"It was {outcome}.",
            },
        };

    /// <summary>A comparison of 18+18 layers.</summary>
    public static ComparisonResults Comparison(params IReadOnlyList<ComparedRun> runs) =>
        new()
        {
            Recipe = "made-up",
            Setting = new ComparisonSetting(18, 18, 64, 256, "de-en", 27_000, 400, 400, [], "500,000 target tokens"),
            Runs = runs,
        };
}
