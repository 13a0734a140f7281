namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// ResiDual (Xie et al. 2023): <c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c> and next to it <c>r_i = r_{i-1} + s * f_i</c>,
/// <c>r_0 = s * x_0</c>; the stack's output is <c>x_n + LN(r_n)</c>, the last normalization with eps 1e-7.
/// </summary>
/// <remarks>
/// s is 1, as in the authors' configurations for IWSLT and WMT; their 0.05 for OPUS-100 keeps half-precision numbers in
/// range and vanishes in the last normalization but for eps.
/// </remarks>
public sealed class DualResidual : SummedBranchesResidual
{
    /// <summary>What the last normalization adds to the variance, as in the authors' code.</summary>
    internal const double EndEpsilon = 1e-7;

    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="scale">s.</param>
    public DualResidual(ResidualPlace place, double scale = 1)
        : base(nameof(DualResidual), place, FormOf(place, scale))
    {
        register_module("norm", Form!.After!.Module);
        if (Form.Sum!.End is { } end)
        {
            register_module("end", end.Module);
        }
    }

    private static ResidualForm FormOf(ResidualPlace place, double scale)
    {
        ArgumentNullException.ThrowIfNull(place);
        return new ResidualForm
        {
            After = new ScaledNorm(place.CreateNorm()),
            Sum = new BranchSum(
                scale,
                place.IsLastOfStack
                    ? new ScaledNorm(place.Norm.Create(place.Dim, place.Device, place.Dtype, EndEpsilon))
                    : null
            ),
            OnePass = false,
        };
    }
}
