using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = LN(x + f(x))</c> in the sublayers of a layer except the last, where the layer's input z comes in: <c>y =
/// LN(s * x + f(x) + z)</c>, s the same in all layers.
/// </summary>
/// <remarks>
/// In a decoder z skips self-attention and cross-attention. Between the sublayers of a layer the state is <c>[x,
/// z]</c>, <c>[..., 2 dim]</c>; between layers it is the stream.
/// </remarks>
public abstract class LayerInputResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    /// <param name="name">The module's name, that of its type.</param>
    /// <param name="place">The place.</param>
    /// <param name="lastShortcut">s, the factor of x in the layer's last sublayer.</param>
    private protected LayerInputResidual(string name, ResidualPlace place, double lastShortcut)
        : base(name, Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        Form = new ResidualForm
        {
            After = new ScaledNorm(norm),
            Shortcut = ResidualScale.Of(place.IsLastOfLayer ? lastShortcut : 1),
            BeginsLayer = place.IsFirstOfLayer,
            AddsLayerInput = place.IsLastOfLayer,
            OnePass = false,
        };
    }

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => StreamOf(x);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor shortcut, Tensor branch)
    {
        using var scope = NewDisposeScope();
        var (form, x) = (Form!, StreamOf(shortcut));
        var z = form.BeginsLayer ? shortcut : shortcut.narrow(-1, Dim, Dim);
        var y = form.Compute(x, branch, form.AddsLayerInput ? z : null);
        return (form.AddsLayerInput ? y : cat([y, z], -1)).MoveToOuterDisposeScope();
    }
}
