namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + f_i(LN(x_{i-1}) / sqrt(l))</c>, l the number of the layer, from 1 (Sun et al. 2025, "LayerNorm
/// Scaling"); the normalization at the end of the stack is not scaled.
/// </summary>
/// <remarks>
/// All sublayers of a layer have the same factor. The paper is about decoder-only models; counting from 1 in encoder
/// and decoder, and cross-attention, are our extension. The authors advise against combining it with an initialization
/// that is scaled by depth. Their own published code does not compute it (docs/remedies.md).
/// </remarks>
public sealed class LayerNormScalingResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    public LayerNormScalingResidual(ResidualPlace place)
        : base(nameof(LayerNormScalingResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        Form = new ResidualForm { Before = new ScaledNorm(norm, 1 / Math.Sqrt(place.Layer + 1)) };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
