namespace TransformerClinic.Comparisons.Statistics;

/// <summary>
/// A mean with Student's t interval: <c>m +- t s / sqrt(n)</c>, where s is the standard deviation with <c>n - 1</c> and
/// t is that of <c>n - 1</c> degrees of freedom. Over seeds it says how far another mean of as many seeds may be away,
/// if losses of seeds are about normally distributed.
/// </summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="HalfWidth">Half of the interval's width; null for a single value, which has none.</param>
internal sealed record MeanInterval(int Count, double Mean, double? HalfWidth)
{
    /// <summary>How often an interval like this contains the mean that it estimates.</summary>
    public const double Confidence = 0.95;

    /// <summary>The lower end; null for a single value.</summary>
    public double? Low => Mean - HalfWidth;

    /// <summary>The upper end; null for a single value.</summary>
    public double? High => Mean + HalfWidth;

    /// <summary>The mean of values; null if there are none.</summary>
    public static MeanInterval? Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var mean = values.Average();
        return new MeanInterval(
            values.Count,
            mean,
            values.Count == 1
                ? null
                : StudentT.Critical(Confidence, values.Count - 1) * Math.Sqrt(VarianceOf(values) / values.Count)
        );
    }

    /// <summary><c>sum (x - m)^2 / (n - 1)</c>, of two values or more.</summary>
    internal static double VarianceOf(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
