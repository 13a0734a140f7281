using TorchSharp.Modules;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = x_{i-1} + alpha * f_i(x_{i-1})</c>, alpha a trainable number that starts at 0, without any normalization
/// (Bachlechner et al. 2020). The sublayers of a layer share one alpha, as in the authors' code.
/// </summary>
public sealed class RezeroResidual : ResidualConnection
{
    private readonly RezeroAlpha _alpha;

    /// <summary>A connection with an alpha of its own, or with that of an earlier sublayer of its layer.</summary>
    public RezeroResidual(int dim, RezeroResidual? sharedWith = null)
        : base(nameof(RezeroResidual), dim)
    {
        _alpha = sharedWith?._alpha ?? new RezeroAlpha(this);
        Form = new ResidualForm { Branch = _alpha.Scale };
    }

    /// <summary>The branch's scale, <c>[1]</c>.</summary>
    public Parameter Alpha => _alpha.Value;
}
