namespace TransformerClinic.Diagnosis;

/// <summary>
/// The number of values between two bounds: <c>From &lt;= value &lt; To</c>; the last bin of a histogram includes its
/// upper bound.
/// </summary>
/// <param name="From">The lower bound.</param>
/// <param name="To">The upper bound.</param>
/// <param name="Count">The number.</param>
internal sealed record HistogramBin(double From, double To, int Count);

/// <summary>
/// Shares of the largest, between 0 and 1, counted in bins of equal width in <c>log10</c>: the paper's figures 5 and
/// 11. Values below the lowest bound, zeros too, are counted in the first bin.
/// </summary>
internal static class LogHistogram
{
    private const int BinsPerDecade = 4;

    /// <summary>Counts.</summary>
    /// <param name="shares">The values.</param>
    /// <param name="decades">Powers of ten below 1 that the bins cover.</param>
    /// <exception cref="ArgumentException">A value is not between 0 and 1.</exception>
    public static IReadOnlyList<HistogramBin> Of(IEnumerable<double> shares, int decades = 5)
    {
        var counts = new int[decades * BinsPerDecade];
        foreach (var share in shares)
        {
            if (share is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"{share} is not a share.", nameof(shares));
            }

            var bin = share == 0 ? 0 : (int)Math.Floor((Math.Log10(share) + decades) * BinsPerDecade);
            counts[Math.Clamp(bin, 0, counts.Length - 1)]++;
        }

        double Bound(int i) => Math.Pow(10, ((double)i / BinsPerDecade) - decades);
        return [.. counts.Select((count, i) => new HistogramBin(Bound(i), Bound(i + 1), count))];
    }
}
