using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Significance;

/// <summary>
/// Whether systems differ from a baseline by more than chance would have it: sacreBLEU's tests with random numbers of
/// our own, and with two rules that sacreBLEU has not. A tie counts, so that p is the probability of the observed
/// difference or a larger one; and p is never less than an exact test of these lines could give, <c>2^(1 - n)</c> where
/// n lines differ. On hundreds of lines that differ neither changes p by more than sampling does.
/// </summary>
public static class PairedTest
{
    /// <summary>
    /// The scores of all systems by one metric, with confidence intervals, and p of all but the first.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="systems">
    /// The lines of each system, the baseline first; of one alone there are intervals only.
    /// </param>
    /// <param name="references">The lines of each reference.</param>
    /// <param name="options">The test; null is sacreBLEU's paired bootstrap.</param>
    /// <exception cref="UserErrorException">
    /// Lines are not equally many, or randomisation has nothing to compare.
    /// </exception>
    public static IReadOnlyList<SystemScore> Run(
        IMetric metric,
        IReadOnlyList<IReadOnlyList<string>> systems,
        IReadOnlyList<IReadOnlyList<string>> references,
        SignificanceOptions? options = null
    )
    {
        options ??= new SignificanceOptions();
        if (systems.Count < (options.Test == SignificanceTest.Bootstrap ? 1 : 2))
        {
            throw new UserErrorException(
                "Randomisation compares systems: at least two are needed. The bootstrap gives the confidence "
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
            : new Randomisation(metric, baseline.Lines, system.Lines, differing).PValue(difference, options);
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
