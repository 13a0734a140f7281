using TransformerClinic.Data;

namespace TransformerClinic.Scoring.Significance;

/// <summary>Two systems that are made of a baseline's and a system's lines, each line swapped or not by the toss of a coin.</summary>
internal static class Randomisation
{
    private const int Bits = 64;

    /// <summary>
    /// How often such systems differ by as much as the real ones or more: of all ways to swap, if there are no more of them than trials (Fisher's
    /// exact test); else of as many random ones as trials, with one added to both counts (Riezler and Maxwell, 2005).
    /// </summary>
    public static double PValue(IMetric metric, double[][] baseline, double[][] system, ObservedDifference difference, SignificanceOptions options)
    {
        var all = MetricScoring.Sum([.. baseline, .. system]);
        bool Reaches(double[] first)
        {
            double[] second = [.. all.Zip(first, (whole, part) => whole - part)];
            return difference.IsReachedBy(Math.Abs(metric.Score(first) - metric.Score(second)));
        }

        var differing = DifferingLines.Of(baseline, system);
        return differing.Swaps <= options.Count
            ? EverySwap(MetricScoring.Sum(baseline), differing).Count(Reaches) / differing.Swaps
            : (Enumerable.Range(0, options.Count).Count(trial => Reaches(Shuffled(baseline, system, trial, options.Seed))) + 1.0) / (options.Count + 1);
    }

    /// <summary>The counts of the first system by each way to swap; the last line that differs always stays.</summary>
    private static IEnumerable<double[]> EverySwap(double[] baseline, DifferingLines differing)
    {
        for (var swap = 0L; swap < differing.Swaps; swap++)
        {
            double[] sum = [.. baseline];
            for (var line = 0; swap >> line > 0; line++)
            {
                if ((swap >> line & 1) == 1)
                {
                    MetricScoring.Add(sum, differing.Changes[line]);
                }
            }

            yield return sum;
        }
    }

    private static double[] Shuffled(double[][] baseline, double[][] system, int trial, long seed)
    {
        var sum = new double[baseline[0].Length];
        var tosses = (baseline.Length + Bits - 1) / Bits;
        for (var toss = 0; toss < tosses; toss++)
        {
            var coins = CounterRandom.At(seed, "randomisation", ((long)trial * tosses) + toss);
            for (var line = toss * Bits; line < Math.Min(baseline.Length, (toss + 1) * Bits); line++, coins >>= 1)
            {
                MetricScoring.Add(sum, (coins & 1) == 0 ? baseline[line] : system[line]);
            }
        }

        return sum;
    }
}
