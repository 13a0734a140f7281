namespace TransformerClinic.Training.Divergence;

/// <summary>
/// How large values may get: <c>limit = m + k s</c> with the median m of recent values and their spread
/// <c>s = 1.4826 median |x - m|</c>, which is the standard deviation of normal values but ignores outliers. The
/// spread is at least a hundredth of m, so that values which hardly vary do not turn noise into a jump.
/// </summary>
/// <param name="Median">The median m.</param>
/// <param name="Spread">The spread s.</param>
/// <param name="Limit">The limit.</param>
internal readonly record struct RobustLimit(double Median, double Spread, double Limit)
{
    private const double NormalConsistency = 1.4826;
    private const double LeastShareOfMedian = 0.01;

    /// <summary>The limit k spreads above the median of some values.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RobustLimit Of(IReadOnlyList<double> values, double k)
    {
        var median = MedianOf([.. values]);
        var spread = NormalConsistency * MedianOf([.. values.Select(value => Math.Abs(value - median))]);
        spread = Math.Max(spread, LeastShareOfMedian * Math.Abs(median));
        return new RobustLimit(median, spread, median + (k * spread));
    }

    /// <summary>The middle value, or the mean of the two in the middle; sorts the values.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double MedianOf(double[] values)
    {
        if (values.Length == 0)
        {
            throw new ArgumentException("No values, so no median.", nameof(values));
        }

        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
