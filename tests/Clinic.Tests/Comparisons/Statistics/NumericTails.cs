namespace TransformerClinic.Tests.Comparisons.Statistics;

/// <summary>Tails of Student's t by integration, without gamma or beta functions.</summary>
internal static class NumericTails
{
    private const int Steps = 400_000;

    /// <summary>
    /// The share of the area under <c>(1 + x^2 / v)^(-(v + 1) / 2)</c> beyond t, with <c>x = tan(u)</c> so that the
    /// area ends.
    /// </summary>
    public static double TwoSided(double t, double degrees) =>
        Area(Math.Atan(t), Math.PI / 2, degrees) / Area(0, Math.PI / 2, degrees);

    private static double Area(double from, double to, double degrees)
    {
        var step = (to - from) / Steps;
        return Enumerable.Range(0, Steps).Sum(i => Density(from + ((i + 0.5) * step), degrees)) * step;
    }

    private static double Density(double angle, double degrees)
    {
        var (x, cos) = (Math.Tan(angle), Math.Cos(angle));
        return Math.Pow(1 + (x * x / degrees), -(degrees + 1) / 2) / (cos * cos);
    }
}
