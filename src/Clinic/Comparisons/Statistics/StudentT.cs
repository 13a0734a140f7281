namespace TransformerClinic.Comparisons.Statistics;

/// <summary>
/// Student's t distribution with <c>v</c> degrees of freedom, whose density is
/// <c>(1 + t^2 / v)^(-(v + 1) / 2) / (sqrt(v) B(1/2, v/2))</c>.
/// </summary>
internal static class StudentT
{
    private const double Tiny = 1e-300;
    private const double Enough = 1e-15;
    private const int MostTerms = 10_000;

    // Lanczos's series for the logarithm of the gamma function with g = 7 and nine terms; its error is below 1e-14.
    private const double G = 7;

    private static readonly IReadOnlyList<double> Lanczos =
    [
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7,
    ];

    /// <summary>
    /// The probability of a value at least as far from 0 as t, on either side: <c>I_x(v/2, 1/2)</c> with
    /// <c>x = v / (v + t^2)</c>, the regularized incomplete beta function.
    /// </summary>
    public static double TwoSided(double t, double degrees)
    {
        RequireDegrees(degrees);
        return double.IsInfinity(t) ? 0 : RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5);
    }

    /// <summary>The t with <c>P(-t &lt;= T &lt;= t) = confidence</c>.</summary>
    public static double Critical(double confidence, double degrees)
    {
        RequireDegrees(degrees);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var (low, high) = (0.0, 1.0);
        while (TwoSided(high, degrees) > 1 - confidence)
        {
            (low, high) = (high, 2 * high);
        }

        // Until no number is left between them.
        while (low + ((high - low) / 2) is var middle && middle > low && middle < high)
        {
            (low, high) = TwoSided(middle, degrees) > 1 - confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static void RequireDegrees(double degrees) => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);

    private static double RegularizedBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));

        // The fraction converges quickly on one side of the mean; on the other its mirror image does.
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    /// <summary>The continued fraction of the incomplete beta function, by Lentz's method.</summary>
    private static double Fraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var value = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            (c, d) = (NotZero(1 + (even / c)), 1 / NotZero(1 + (even * d)));
            value *= c * d;
            (c, d) = (NotZero(1 + (odd / c)), 1 / NotZero(1 + (odd * d)));
            value *= c * d;
            if (Math.Abs((c * d) - 1) < Enough)
            {
                break;
            }
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Of positive numbers from 1/2 on.
    private static double LogGamma(double x)
    {
        var z = x - 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Count; i++)
        {
            sum += Lanczos[i] / (z + i);
        }

        var t = z + G + 0.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((z + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
