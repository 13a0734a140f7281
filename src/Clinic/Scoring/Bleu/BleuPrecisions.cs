namespace TransformerClinic.Scoring.Bleu;

/// <summary>The precisions of BLEU with their smoothing, as sacreBLEU 2 applies it.</summary>
internal static class BleuPrecisions
{
    /// <summary>Precisions of orders 1 to 4 from 0 to 100, and the number of orders in the mean.</summary>
    public static (double[] Precisions, int Orders) Of(BleuStatistics statistics, BleuOptions options)
    {
        var precisions = new double[NgramCounts.MaxOrder];
        var orders = precisions.Length;
        if (statistics.Matches.All(count => count == 0))
        {
            return (precisions, orders);
        }

        double unmatched = 1;
        for (var order = 1; order <= precisions.Length; order++)
        {
            var added = options.Smoothing == BleuSmoothing.AddK && order > 1 ? Value(options) : 0;
            var (matches, total) = (statistics.Matches[order - 1] + added, statistics.Totals[order - 1] + added);
            if (total == 0)
            {
                break;
            }

            orders = options.EffectiveOrder ? order : orders;
            precisions[order - 1] = (matches, options.Smoothing) switch
            {
                (not 0, _) => 100 * matches / total,
                (_, BleuSmoothing.Exponential) => 100 / ((unmatched *= 2) * total),
                (_, BleuSmoothing.Floor) => 100 * Value(options) / total,
                _ => 0,
            };
        }

        return (precisions, orders);
    }

    /// <summary>The value of floor or add-k smoothing.</summary>
    public static double Value(BleuOptions options) =>
        options.SmoothingValue ?? (options.Smoothing == BleuSmoothing.Floor ? 0.1 : 1);
}
