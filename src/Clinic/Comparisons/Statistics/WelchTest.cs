namespace TransformerClinic.Comparisons.Statistics;

/// <summary>
/// Welch's t test of two means: <c>t = (m2 - m1) / e</c> with <c>e^2 = s1^2 / n1 + s2^2 / n2</c>, and by Satterthwaite
/// <c>v = e^4 / ((s1^2/n1)^2 / (n1 - 1) + (s2^2/n2)^2 / (n2 - 1))</c> degrees of freedom. It assumes neither equal
/// variances nor pairs.
/// </summary>
/// <param name="Difference">The second mean minus the first.</param>
/// <param name="HalfWidth">Half of the width of the 95 % interval of the difference.</param>
/// <param name="P">How often two equal means would differ at least this much.</param>
internal sealed record WelchTest(double Difference, double HalfWidth, double P)
{
    /// <summary>Compares two samples; null if one of them has fewer than two values.</summary>
    public static WelchTest? Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (Math.Min(first.Count, second.Count) < 2)
        {
            return null;
        }

        var difference = second.Average() - first.Average();
        var (a, b) = (MeanInterval.VarianceOf(first) / first.Count, MeanInterval.VarianceOf(second) / second.Count);
        var error = Math.Sqrt(a + b);
        if (error == 0)
        {
            return new WelchTest(difference, 0, difference == 0 ? 1 : 0);
        }

        var degrees = (a + b) * (a + b) / ((a * a / (first.Count - 1)) + (b * b / (second.Count - 1)));
        return new WelchTest(
            difference,
            StudentT.Critical(MeanInterval.Confidence, degrees) * error,
            StudentT.TwoSided(difference / error, degrees)
        );
    }
}
