using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = LN(n * x_{i-1} + f_i(LN(x_{i-1})))</c>, n the number of sublayers of the stack (Chen and Wei 2026, "Keel",
/// equation 8). Two exceptions at the bottom: the first sublayer is <c>x + f(LN(x))</c>, and the other sublayers of the
/// first layer have the factor 1 in place of n.
/// </summary>
/// <remarks>
/// The paper is about decoder-only models, whose norms have no bias (<see cref="NormKind"/>). n for each stack, and
/// cross-attention as one more sublayer of the first layer with the factor 1, are our extension to encoders with
/// decoders. It has no special initialization. The authors published no code.
/// </remarks>
public sealed class KeelResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    public KeelResidual(ResidualPlace place)
        : base(nameof(KeelResidual), Width(place))
    {
        var before = place.CreateNorm();
        register_module("before", before);
        nn.Module<Tensor, Tensor>? after = null;
        if (place.Index > 0)
        {
            after = place.CreateNorm();
            register_module("norm", after);
        }

        Alpha = place.Layer == 0 ? 1 : place.Stack.Residuals;
        Form = new ResidualForm
        {
            Before = new ScaledNorm(before),
            Shortcut = ResidualScale.Of(Alpha, "alpha"),
            After = after is null ? null : new ScaledNorm(after),
        };
    }

    /// <summary>The shortcut's factor: n, or 1 in the first layer.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;
}
