namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = LN(x + f(x))</c> in the sublayers of a layer except the last, which adds the layer's input z once more: <c>y
/// = LN(x + f(x) + z)</c>, "bottom to top" (Takase et al. 2023). Every matrix of the layers is drawn <c>N^(-1/2)</c>
/// times as large, N the layers of the stack, as the authors' code does.
/// </summary>
/// <remarks>
/// In a decoder z skips self-attention and cross-attention, as in the authors' code. The initial weights are a remedy
/// of their own: with <see cref="InitialWeights.Xavier"/> they are left out.
/// </remarks>
public sealed class B2tResidual : LayerInputResidual
{
    private readonly double _gain;

    /// <summary>The connection of a place.</summary>
    public B2tResidual(ResidualPlace place)
        : base(nameof(B2tResidual), place, lastShortcut: 1) => _gain = 1 / Math.Sqrt(place.Stack.Layers);

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization => BranchInitialization.Standard with { Gain = _gain };
}
