using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + lambda * f_i(LN(x_{i-1}))</c>, lambda a trained number for each channel, <c>[dim]</c>, that
/// starts small: 0.1 in stacks of up to 18 layers, 1e-5 up to 24, 1e-6 in deeper ones (Touvron et al. 2021, CaiT's
/// "LayerScale"). The stack ends with one more normalization.
/// </summary>
/// <remarks>
/// The mirror image of Admin: a small vector on the branch in place of a large one on the shortcut. The method is for
/// image classifiers; encoders with decoders are our extension.
/// </remarks>
public sealed class LayerScaleResidual : ResidualConnection
{
    private const string Name = "lambda";

    /// <summary>The connection of a place.</summary>
    public LayerScaleResidual(ResidualPlace place)
        : base(nameof(LayerScaleResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        using Scalar start = Start(place.Stack.Layers);
        var lambda = new Parameter(full(place.Dim, start, place.Dtype, place.Device));
        lambda.DetachFromDisposeScope();
        register_parameter(Name, lambda);
        Form = new ResidualForm { Before = new ScaledNorm(norm), Branch = ResidualScale.Of(() => Lambda, Name) };
    }

    /// <summary>The branch's factor, <c>[dim]</c>.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its parameters.</remarks>
    public Parameter Lambda => get_parameter(Name)!;

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <summary>Where lambda starts in a stack of this many layers.</summary>
    public static double Start(int layers) =>
        layers switch
        {
            <= 18 => 0.1,
            <= 24 => 1e-5,
            _ => 1e-6,
        };
}
