namespace TransformerClinic.Residuals.Tests;

/// <summary>The formulas in plain doubles, without libtorch.</summary>
internal static class Plain
{
    /// <summary><c>(x - mean) / sqrt(var + 1e-5) * weight + bias</c> over one position's channels.</summary>
    public static double[] LayerNorm(double[] x, double[] weight, double[] bias)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Select(value => (value - mean) * (value - mean)).Average() + 1e-5);
        return [.. x.Select((value, i) => ((value - mean) / deviation * weight[i]) + bias[i])];
    }

    public static double Variance(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return values.Select(value => (value - mean) * (value - mean)).Average();
    }
}
