namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = LN(x + f(x))</c> in the sublayers of a layer except the last, whose shortcut is the layer's input z: <c>y =
/// LN(z + f(x))</c> (Wang et al. 2026, "SpanNorm"). <see cref="B2tResidual"/> adds z to the shortcut in place of
/// putting it there.
/// </summary>
/// <remarks>
/// The paper is about decoder-only models, with <c>y = LN(z + attention(z))</c> and <c>LN(z + FFN(y))</c>. In a decoder
/// with cross-attention only the last sublayer's shortcut is the layer's input, which is our extension, as are
/// encoders. The equation is from notes on the paper; the scale of initial weights that the paper adds, and a
/// normalization of what the first attention reads that the notes mention, are not part of it. The authors have
/// published no code.
/// </remarks>
public sealed class SpanNormResidual : LayerInputResidual
{
    /// <summary>The connection of a place.</summary>
    public SpanNormResidual(ResidualPlace place)
        : base(nameof(SpanNormResidual), place, lastShortcut: 0) { }
}
