using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Significance;

/// <summary>
/// Whether systems differ from a baseline by more than chance: sacreBLEU's tests with our own random numbers, and with
/// two rules that sacreBLEU does not have. A tie counts, so that p is the probability of the observed difference or a
/// larger one; and p is never below what an exact test of these lines could give, <c>2^(1 - n)</c> if n lines differ.
/// With hundreds of lines that differ, neither rule changes p by more than sampling does.
/// </summary>
internal static class PairedTest
{
    /// <summary>
    /// The scores of all systems by one metric, with confidence intervals, and p for all except the first.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="systems">
    /// The lines of each system, the baseline first; a single system gets only intervals.
    /// </param>
    /// <param name="references">The lines of each reference.</param>
    /// <param name="options">The test; null is sacreBLEU's paired bootstrap.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, the numbers of lines differ, or randomization has nothing to compare.
    /// </exception>
    public static IReadOnlyList<SystemScore> Run(
        IMetric metric,
        IReadOnlyList<IReadOnlyList<string>> systems,
        IReadOnlyList<IReadOnlyList<string>> references,
        SignificanceOptions? options = null
    )
    {
        options = OptionCheck.Valid(options ?? new SignificanceOptions(), "significance");
        if (systems.Count < (options.Test == SignificanceTest.Bootstrap ? 1 : 2))
        {
            throw new UserErrorException(
                "Randomization compares systems: at least two are needed. The bootstrap gives the confidence "
                    + "interval of one."
            );
        }

        var signature = MetricSignature.Of(metric.Settings, references.Count, options.Signature);
        List<Sampled> sampled =
        [
            .. systems.Select(lines => Sampled.Of(metric, metric.CountLines(lines, references), options)),
        ];
        return
        [
            .. sampled.Select(
                (system, i) =>
                    new SystemScore(
                        metric.Name,
                        system.Score,
                        signature,
                        system.Interval.Mean,
                        system.Interval.HalfWidth,
                        i == 0 ? null : PValue(metric, sampled[0], system, options)
                    )
            ),
        ];
    }

    private static double PValue(IMetric metric, Sampled baseline, Sampled system, SignificanceOptions options)
    {
        var difference = ObservedDifference.Of(baseline.Score, system.Score);
        var differing = DifferingLines.Of(baseline.Lines, system.Lines);
        return difference.IsReachedBy(0) ? 1
            : options.Test == SignificanceTest.Bootstrap
                ? Bootstrap.PValue(baseline.Scores, system.Scores, difference, differing.LeastP)
            : new Randomization(metric, baseline.Lines, system.Lines, differing).PValue(difference, options);
    }

    private sealed record Sampled(double[][] Lines, double Score, double[] Scores)
    {
        public ConfidenceInterval Interval => ConfidenceInterval.Of(Scores);

        public static Sampled Of(IMetric metric, double[][] lines, SignificanceOptions options) =>
            new(
                lines,
                metric.Score(MetricScoring.Sum(lines)),
                Bootstrap.Scores(
                    metric,
                    lines,
                    options.Test == SignificanceTest.Bootstrap ? options.Count : options.IntervalSamples,
                    options.Seed
                )
            );
    }
}

/// <summary>The score of one system's translations by one metric.</summary>
/// <param name="Metric">The score's printed name.</param>
/// <param name="Score">The score of all lines.</param>
/// <param name="Signature">What it depends on.</param>
/// <param name="Mean">The mean over samples of lines; null if none were drawn.</param>
/// <param name="Interval">Half the width of the 95 % confidence interval around it; null as above.</param>
/// <param name="PValue">
/// How often chance alone gives a difference from the first system at least this large; null for the first, and if no
/// test was run.
/// </param>
internal sealed record SystemScore(
    string Metric,
    double Score,
    string Signature,
    double? Mean = null,
    double? Interval = null,
    double? PValue = null
);

/// <summary>How far two systems' scores are apart, and which chance differences are at least as large.</summary>
/// <param name="Value">The absolute difference of the scores.</param>
internal readonly record struct ObservedDifference(double Value)
{
    // Scores of about 100 from sums in another order differ by about 1e-13; two different scores are hardly ever so
    // close.
    private const double Rounding = 1e-9;

    /// <summary>The difference of two scores.</summary>
    public static ObservedDifference Of(double first, double second) => new(Math.Abs(second - first));

    /// <summary>
    /// Whether a difference is at least as large, a tie included: a p-value is the probability of what was observed or
    /// anything more extreme. What differs only by rounding is a tie.
    /// </summary>
    public bool IsReachedBy(double difference) => difference >= Value - (Rounding * Math.Max(1, Value));
}
