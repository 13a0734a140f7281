using TorchSharp.Modules;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + alpha_i * f_i(x_{i-1})</c>, alpha a trained number of each sublayer that starts at 0, without any
/// normalization (De and Smith 2020, "SkipInit"). <see cref="RezeroResidual"/> is the same with one alpha for all
/// sublayers of a layer.
/// </summary>
/// <remarks>The method is for image classifiers; Transformers are our extension.</remarks>
public sealed class SkipInitResidual : ResidualConnection
{
    private readonly RezeroAlpha _alpha;

    /// <summary>The connection of a place.</summary>
    public SkipInitResidual(ResidualPlace place)
        : base(nameof(SkipInitResidual), Width(place))
    {
        _alpha = new RezeroAlpha(this, place.Device, place.Dtype);
        Form = new ResidualForm { Branch = _alpha.Scale };
    }

    /// <summary>The branch's factor, <c>[1]</c>.</summary>
    public Parameter Alpha => _alpha.Value;
}
