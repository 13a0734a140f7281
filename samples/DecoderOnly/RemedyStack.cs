using Samples.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>
/// Blocks with any remedy. Some need more than their connections: a normalization of the stack's input or output, or
/// (ResiDual, SiameseNorm, B2T, SpanNorm, DLCL, hyper-connections) a state with more than one stream, which travels
/// from block to block.
/// </summary>
internal sealed class RemedyStack : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<RemedyBlock> blocks;
    private readonly LayerNorm? inputNorm;
    private readonly LayerNorm? finalNorm;

    public RemedyStack(int dim, SampleOptions options)
        : base(nameof(RemedyStack))
    {
        blocks = new ModuleList<RemedyBlock>([
            .. Enumerable.Range(0, options.Depth).Select(layer => new RemedyBlock(dim, options, layer)),
        ]);
        inputNorm = blocks[0].First.StackNeedsInputNorm ? nn.LayerNorm(dim) : null;
        finalNorm = blocks[^1].Last.StackNeedsFinalNorm ? nn.LayerNorm(dim) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var state = blocks[0].First.BeginStack(inputNorm is null ? x : inputNorm.forward(x));
        foreach (var block in blocks)
        {
            state = block.forward(state);
        }

        var end = blocks[^1].Last.EndStack(state);
        return finalNorm is null ? end : finalNorm.forward(end);
    }
}
