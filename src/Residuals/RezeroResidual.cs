using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = x_{i-1} + alpha * f_i(x_{i-1})</c>, alpha a trainable number that starts at 0, without any normalization
/// (Bachlechner et al. 2020). The sublayers of a layer share one alpha, as in the authors' code.
/// </summary>
public sealed class RezeroResidual : ResidualConnection
{
    private readonly RezeroAlpha _alpha;

    /// <summary>A connection with an alpha of its own, or with that of an earlier sublayer of its layer.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="sharedWith">Whose alpha it is; null for one of its own.</param>
    /// <param name="device">Where alpha is; torch's default device if null.</param>
    /// <param name="dtype">Its type; torch's default type if null.</param>
    public RezeroResidual(long dim, RezeroResidual? sharedWith = null, Device? device = null, ScalarType? dtype = null)
        : base(nameof(RezeroResidual), dim)
    {
        _alpha = sharedWith?._alpha ?? new RezeroAlpha(this, device, dtype);
        Form = new ResidualForm { Branch = _alpha.Scale };
    }

    /// <summary>The branch's scale, <c>[1]</c>.</summary>
    public Parameter Alpha => _alpha.Value;
}
