using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis;

/// <summary>A line by least squares.</summary>
/// <param name="Intercept">a of <c>y = a + b g(N)</c>.</param>
/// <param name="Slope">b.</param>
/// <param name="RSquared">The share of y's variance that the line explains; 0 where y does not vary.</param>
/// <param name="Residual">The sum of squares that it leaves.</param>
public sealed record GrowthLine(double Intercept, double Slope, double RSquared, double Residual);

/// <summary>
/// Whether a quantity y grows with the number of sublayers N, with log N, or not: <c>y = a + b N</c>, <c>y = a + b ln
/// N</c>, <c>y = a</c>, each by least squares. The best is that of the least <c>n ln(residual / n) + k ln n</c>
/// (Schwarz 1978; n points, k = 2 coefficients or 1), so that a slope counts only where it explains more than chance
/// would.
/// </summary>
/// <param name="Linear">Against N.</param>
/// <param name="Logarithmic">Against ln N.</param>
/// <param name="Constant">The mean; its R^2 is 0.</param>
/// <param name="Best">The best of them; null where a value is not finite.</param>
public sealed record GrowthFit(GrowthLine Linear, GrowthLine Logarithmic, GrowthLine Constant, OutputChange? Best)
{
    // What a fit leaves of values that it fits exactly is rounding, of which one fit must not have less than another.
    private const double RelativeRounding = 1e-12;

    /// <summary>Fits.</summary>
    /// <param name="sizes">N of each point, at least 1.</param>
    /// <param name="values">y of each point.</param>
    /// <exception cref="ArgumentException">There is no point, or there are not as many sizes as values.</exception>
    public static GrowthFit Of(IReadOnlyList<double> sizes, IReadOnlyList<double> values)
    {
        if (values.Count == 0 || sizes.Count != values.Count)
        {
            throw new ArgumentException(
                $"{values.Count} values of {sizes.Count} sizes are not a curve.",
                nameof(values)
            );
        }

        var linear = Line([.. sizes], values);
        var logarithmic = Line([.. sizes.Select(size => Math.Log(size))], values);
        var constant = Line(new double[sizes.Count], values);
        return new GrowthFit(linear, logarithmic, constant, values.All(double.IsFinite) ? Best() : null);

        OutputChange Best() =>
            new (OutputChange Growth, double Badness)[]
            {
                (OutputChange.Constant, Badness(constant, coefficients: 1)),
                (OutputChange.LogN, Badness(logarithmic, coefficients: 2)),
                (OutputChange.Linear, Badness(linear, coefficients: 2)),
            }
                .MinBy(fit => fit.Badness)
                .Growth;

        double Badness(GrowthLine line, int coefficients)
        {
            var meanSquare = values.Average(value => value * value);
            var left = Math.Max(line.Residual / values.Count, RelativeRounding * RelativeRounding * meanSquare);
            return (values.Count * Math.Log(left)) + (coefficients * Math.Log(values.Count));
        }
    }

    private static GrowthLine Line(double[] x, IReadOnlyList<double> y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var spread = x.Sum(value => (value - meanX) * (value - meanX));
        var slope = spread == 0 ? 0 : x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        var intercept = meanY - (slope * meanX);
        var residual = x.Zip(y, (a, b) => b - intercept - (slope * a)).Sum(rest => rest * rest);
        var total = y.Sum(value => (value - meanY) * (value - meanY));
        return new GrowthLine(intercept, slope, total == 0 ? 0 : 1 - (residual / total), residual);
    }
}
