using TransformerClinic.Data;

namespace TransformerClinic.Scoring.Significance;

/// <summary>Two systems that are made of a baseline's and a system's lines, each line swapped or not by the toss of a coin.</summary>
internal static class Randomisation
{
    private const int Bits = 64;

    /// <summary>How often such systems differ by more than the real ones (Riezler and Maxwell, 2005); one is added to both counts.</summary>
    public static double PValue(IMetric metric, double[][] baseline, double[][] system, double difference, SignificanceOptions options)
    {
        var all = MetricScoring.Sum([.. baseline, .. system]);
        var more = Enumerable.Range(0, options.Count).Count(trial =>
        {
            var first = Shuffled(baseline, system, trial, options.Seed);
            double[] second = [.. all.Zip(first, (whole, part) => whole - part)];
            return Math.Abs(metric.Score(first) - metric.Score(second)) > difference;
        });
        return (more + 1.0) / (options.Count + 1);
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
