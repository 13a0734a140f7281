namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = LN(x + attention(x))</c>, <c>x' = y + FFN(y)</c>, where attention normalizes its queries, keys and values
/// (<see cref="BranchNorm.Heads"/>) and not its input, and one more normalization at the end of the stack (Zhuo et al.
/// 2025, "HybridNorm").
/// </summary>
/// <remarks>
/// The authors' code has the normalization at the beginning of the feed-forward sublayer, where it is of the shortcut,
/// too, which is the same. Their norms are RMS normalizations (<see cref="NormKind"/>), and their initial weights those
/// of Megatron, like <see cref="InitialWeights.Gpt2"/>. The method is for decoder-only models of up to 16 layers;
/// encoders, and cross-attention with normalized queries, keys and values, whose sum is normalized in the place of
/// self-attention's, are our extension. In "HybridNorm*" the sublayers of the first layer are <c>x + f(LN(x))</c>, with
/// the same attention.
/// </remarks>
public sealed class HybridNormResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="firstIsPreNorm">Whether it is of HybridNorm*.</param>
    public HybridNormResidual(ResidualPlace place, bool firstIsPreNorm = false)
        : base(nameof(HybridNormResidual), Width(place))
    {
        var isPreNorm = firstIsPreNorm && place.Layer == 0;
        ScaledNorm? norm = null;
        if (isPreNorm || place.Sublayer == place.SublayersOfLayer - 2)
        {
            norm = new ScaledNorm(place.CreateNorm());
            register_module("norm", norm.Module);
        }

        Form = new ResidualForm
        {
            Before = isPreNorm ? norm : null,
            After = isPreNorm ? null : norm,
            BranchNorm = place.Kind == BranchKind.FeedForward ? BranchNorm.None : BranchNorm.Heads,
        };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
