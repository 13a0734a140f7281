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
    public RezeroPostLnResidual(
        int dim,
        RezeroPostLnResidual? sharedWith = null,
        nn.Module<Tensor, Tensor>? norm = null
    )
        : base(nameof(RezeroPostLnResidual), dim, norm)
    {
        _alpha = sharedWith?._alpha ?? new RezeroAlpha(this);
        Form = NormalizedSum(branch: _alpha.Scale);
    }

    /// <summary>The branch's scale, <c>[1]</c>.</summary>
    public Parameter Alpha => _alpha.Value;
}
