using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// Count, mean and sum of squared deviations, in float64: variances of parts combine exactly (Chan, Golub and LeVeque
/// 1983).
/// </summary>
internal readonly record struct Moments(double Count, double Mean, double SquaredDeviations)
{
    /// <summary>Population variance.</summary>
    public double Variance => SquaredDeviations / Count;

    /// <summary>
    /// Over all channels of the counted positions of <paramref name="x"/> <c>[batch, length, dim]</c>;
    /// <paramref name="counted"/> is boolean <c>[batch, length]</c>, null for all.
    /// </summary>
    public static Moments Of(Tensor x, Tensor? counted)
    {
        using var scope = NewDisposeScope();
        var wide = (counted is null ? x : x[counted]).to(ScalarType.Float64);
        var mean = wide.mean();

        // TorchSharp's var(unbiased: false) divides by n - 1 all the same.
        return new Moments(
            wide.numel(),
            mean.item<double>(),
            (wide - mean).pow(HeldConstants.Two).sum().item<double>()
        );
    }

    public static Moments operator +(Moments a, Moments b)
    {
        if (a.Count == 0)
        {
            return b;
        }

        var count = a.Count + b.Count;
        var apart = b.Mean - a.Mean;
        return new Moments(
            count,
            a.Mean + (apart * b.Count / count),
            a.SquaredDeviations + b.SquaredDeviations + (apart * apart * a.Count * b.Count / count)
        );
    }
}
