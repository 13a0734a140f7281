using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Significance;

/// <summary>
/// Scores of as many lines as the corpus has, drawn from it with replacement. The same lines are drawn for every
/// system.
/// </summary>
internal static class Bootstrap
{
    /// <summary>The score of every sample.</summary>
    public static double[] Scores(IMetric metric, double[][] lines, int samples, long seed) =>
        [.. Enumerable.Range(0, samples).Select(sample => Score(metric, lines, sample, seed))];

    /// <summary>
    /// How often samples of two systems differ, beyond their mean difference, by at least as much as the systems do
    /// (Noreen, 1989, as in Moses and sacreBLEU, where ties do not count); one is added to both counts. All samples of
    /// a few lines can be alike, whatever the systems: p is never below the <paramref name="least"/> that the number of
    /// lines allows.
    /// </summary>
    public static double PValue(double[] baseline, double[] system, ObservedDifference difference, double least)
    {
        var differences = baseline.Zip(system, (first, second) => Math.Abs(second - first)).ToArray();
        var mean = differences.Average();
        var reached = differences.Count(sampled => difference.IsReachedBy(sampled - mean));
        return Math.Max((reached + 1.0) / (differences.Length + 1), least);
    }

    private static double Score(IMetric metric, double[][] lines, int sample, long seed)
    {
        var sum = new double[lines[0].Length];
        for (var i = 0; i < lines.Length; i++)
        {
            // The upper half of the product maps a number of 64 bits to a line without a visible bias.
            var line = Math.BigMul(
                CounterRandom.At(seed, "bootstrap", ((long)sample * lines.Length) + i),
                (ulong)lines.Length,
                out _
            );
            MetricScoring.Add(sum, lines[line]);
        }

        return metric.Score(sum);
    }
}

/// <summary>The 95 % confidence interval of a score as sacreBLEU estimates it from samples of lines.</summary>
/// <param name="Mean">The mean of the samples' scores.</param>
/// <param name="HalfWidth">Half the distance between the scores that a fortieth of the samples are below and
/// above.</param>
internal sealed record ConfidenceInterval(double Mean, double HalfWidth)
{
    public static ConfidenceInterval Of(double[] scores)
    {
        var sorted = scores.Order().ToArray();
        var outside = sorted.Length / 40;
        return new ConfidenceInterval(scores.Average(), 0.5 * (sorted[^(outside + 1)] - sorted[outside]));
    }
}
