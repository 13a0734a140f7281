using Samples.Comparison;
using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>
/// A Post-LN block as it was, and what Admin changes in it: a field and an expression for each connection.
/// </summary>
internal sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly SelfAttention attention;
    private readonly FeedForward feedForward;
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly AdminResidual? residual1; // added; null leaves the network as it was
    private readonly AdminResidual? residual2; // added

    public Block(int dim, Initialization initialization, bool admin)
        : base(nameof(Block))
    {
        attention = new SelfAttention(dim, initialization);
        feedForward = new FeedForward(dim, initialization);
        norm1 = nn.LayerNorm(dim);
        norm2 = nn.LayerNorm(dim);
        residual1 = admin ? new AdminResidual(dim, norm: nn.Identity()) : null;
        residual2 = admin ? new AdminResidual(dim, norm: nn.Identity()) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var f = attention.forward(x);
        x = norm1.forward(residual1 is null ? x + f : residual1.call(x, f)); // was: norm1.forward(x + f)
        f = feedForward.forward(x);
        return norm2.forward(residual2 is null ? x + f : residual2.call(x, f)); // was: norm2.forward(x + f)
    }
}
