using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = LN(x + f(x))</c> in the sublayers of a layer except the last, which adds the layer's input z once more: <c>y
/// = LN(x + f(x) + z)</c>, "bottom to top" (Takase et al. 2023). Every matrix of the layers is drawn <c>N^(-1/2)</c>
/// times as large, N the layers of the stack, as the authors' code does.
/// </summary>
/// <remarks>
/// In a decoder z skips self-attention and cross-attention, as in the authors' code. Between the sublayers of a layer
/// the state is <c>[x, z]</c>, <c>[..., 2 dim]</c>; between layers it is the stream. The initial weights are a remedy
/// of their own: with <see cref="InitialWeights.Xavier"/> they are left out.
/// </remarks>
public sealed class B2tResidual : ResidualConnection
{
    private readonly nn.Module<Tensor, Tensor> _norm;
    private readonly double _gain;

    /// <summary>The connection of a place.</summary>
    public B2tResidual(ResidualPlace place)
        : base(nameof(B2tResidual), Width(place))
    {
        _norm = place.CreateNorm();
        register_module("norm", _norm);
        _gain = 1 / Math.Sqrt(place.Stack.Layers);
        Form = new ResidualForm
        {
            After = new ScaledNorm(_norm),
            BeginsLayer = place.IsFirstOfLayer,
            AddsLayerInput = place.IsLastOfLayer,
            OnePass = false,
        };
    }

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization => BranchInitialization.Standard with { Gain = _gain };

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
