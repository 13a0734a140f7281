using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Significance;

/// <summary>
/// Two systems composed of a baseline's and a system's lines, with each line swapped or not by a coin toss.
/// </summary>
/// <param name="metric">The metric.</param>
/// <param name="baseline">The counts of the baseline's lines.</param>
/// <param name="system">The counts of the system's lines.</param>
/// <param name="differing">The lines whose counts differ.</param>
internal sealed class Randomization(IMetric metric, double[][] baseline, double[][] system, DifferingLines differing)
{
    /// <summary>The name of the random stream; another spelling would draw other numbers.</summary>
    private const string Stream = "randomisation";

    private const int Bits = 64;

    private readonly double[] _all = MetricScoring.Sum([.. baseline, .. system]);

    /// <summary>
    /// How often such systems differ by at least as much as the real ones: among all ways to swap, if there are no more
    /// of them than trials (Fisher's exact test); otherwise among as many random ones as trials, with one added to both
    /// counts (Riezler and Maxwell, 2005).
    /// </summary>
    public double PValue(ObservedDifference difference, SignificanceOptions options)
    {
        bool Reaches(double[] first) => difference.IsReachedBy(DifferenceOf(first));
        return differing.Swaps <= options.Count
            ? EverySwap().Count(Reaches) / differing.Swaps
            : (RandomSwaps(options).Count(Reaches) + 1.0) / (options.Count + 1);
    }

    private double DifferenceOf(double[] first)
    {
        double[] second = [.. _all.Zip(first, (whole, part) => whole - part)];
        return Math.Abs(metric.Score(first) - metric.Score(second));
    }

    /// <summary>The counts of the first system for each way to swap; the last line that differs always stays in
    /// place.</summary>
    private IEnumerable<double[]> EverySwap()
    {
        var whole = MetricScoring.Sum(baseline);
        for (var swap = 0L; swap < differing.Swaps; swap++)
        {
            double[] sum = [.. whole];
            for (var line = 0; swap >> line > 0; line++)
            {
                if (((swap >> line) & 1) == 1)
                {
                    MetricScoring.Add(sum, differing.Changes[line]);
                }
            }

            yield return sum;
        }
    }

    private IEnumerable<double[]> RandomSwaps(SignificanceOptions options) =>
        Enumerable.Range(0, options.Count).Select(trial => Shuffled(trial, options.Seed));

    private double[] Shuffled(int trial, long seed)
    {
        var sum = new double[baseline[0].Length];
        var tosses = (baseline.Length + Bits - 1) / Bits;
        for (var toss = 0; toss < tosses; toss++)
        {
            var coins = CounterRandom.At(seed, Stream, ((long)trial * tosses) + toss);
            for (var line = toss * Bits; line < Math.Min(baseline.Length, (toss + 1) * Bits); line++, coins >>= 1)
            {
                MetricScoring.Add(sum, (coins & 1) == 0 ? baseline[line] : system[line]);
            }
        }

        return sum;
    }
}
