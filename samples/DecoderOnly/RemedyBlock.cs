using Samples.Comparison;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>
/// A block with any remedy: two connections in place of the two normalizations, which the connections bring with them.
/// </summary>
internal sealed class RemedyBlock : nn.Module<Tensor, Tensor>
{
    private readonly SelfAttention attention;
    private readonly FeedForward feedForward;
    private readonly ResidualConnection residual1; // was: norm1
    private readonly ResidualConnection residual2; // was: norm2

    public RemedyBlock(int dim, SampleOptions options, int layer)
        : base(nameof(RemedyBlock))
    {
        var stack = StackShape.Alone(options.Depth);
        residual1 = Remedy.Create(options.Remedy, new ResidualPlace(dim, stack, 2 * layer, layer, null));
        residual2 = Remedy.Create(options.Remedy, new ResidualPlace(dim, stack, (2 * layer) + 1, layer, residual1));
        attention = new SelfAttention(dim, options.Initialization, residual1.Form!.BranchNorm);
        feedForward = new FeedForward(dim, options.Initialization, residual2.Form!.BranchNorm);
        RegisterComponents();
        Scale();
    }

    /// <summary>The first connection.</summary>
    public ResidualConnection First => residual1;

    /// <summary>The last connection.</summary>
    public ResidualConnection Last => residual2;

    public override Tensor forward(Tensor x)
    {
        x = residual1.Connect(x, attention.forward); // was: norm1.forward(x + attention.forward(x))
        return residual2.Connect(x, feedForward.forward); // was: norm2.forward(x + feedForward.forward(x))
    }

    // B2T, T-Fixup and Sub-LN are half in their initial weights. This network has queries, keys and values in one
    // matrix.
    private void Scale()
    {
        using var noGradient = no_grad();
        var gain = residual1.BranchInitialization.Gain;
        foreach (var (_, weight) in attention.named_parameters().Concat(feedForward.named_parameters()))
        {
            if (weight.dim() == 2)
            {
                weight.mul_(gain);
            }
        }
    }
}
