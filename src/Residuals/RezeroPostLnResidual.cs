using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} + alpha * f_i(x_{i-1}))</c>, alpha a trainable number that starts at 0: ReZero with Post-LN's
/// normalization (Liu et al. 2020, appendix E). The sublayers of a layer share one alpha, as in the authors' code.
/// </summary>
public sealed class RezeroPostLnResidual : PostNormResidual
{
    private readonly RezeroAlpha _alpha;

    /// <summary>A connection with an alpha of its own, or with that of an earlier sublayer of its layer.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="sharedWith">Whose alpha it is; null for one of its own.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    public RezeroPostLnResidual(
        long dim,
        RezeroPostLnResidual? sharedWith = null,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : base(nameof(RezeroPostLnResidual), dim, norm, device, dtype)
    {
        _alpha = sharedWith?._alpha ?? new RezeroAlpha(this, device, dtype);
        Form = NormalizedSum(branch: _alpha.Scale);
    }

    /// <summary>The branch's scale, <c>[1]</c>.</summary>
    public Parameter Alpha => _alpha.Value;
}
