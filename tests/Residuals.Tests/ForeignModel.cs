using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>
/// Somebody else's network: two stacks with Admin connections around branches <c>sin(k x)</c>, the second fed by the
/// first.
/// </summary>
internal sealed class ForeignModel : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<AdminResidual> encoder_blocks;
    private readonly ModuleList<AdminResidual> decoder_blocks;

    public ForeignModel(int dim, int encoderBlocks, int decoderBlocks)
        : base(nameof(ForeignModel))
    {
        encoder_blocks = new([.. Enumerable.Range(0, encoderBlocks).Select(_ => new AdminResidual(dim))]);
        decoder_blocks = new([.. Enumerable.Range(0, decoderBlocks).Select(_ => new AdminResidual(dim))]);
        RegisterComponents();
    }

    public IEnumerable<AdminResidual> Encoder => encoder_blocks;

    public IEnumerable<AdminResidual> Decoder => decoder_blocks;

    public override Tensor forward(Tensor input)
    {
        var x = Apply(encoder_blocks, input);
        return Apply(decoder_blocks, x * 2);
    }

    private static Tensor Apply(ModuleList<AdminResidual> blocks, Tensor x) =>
        blocks
            .Index()
            .Aggregate(x, (stream, block) => block.Item.Connect(stream, input => (input * (block.Index + 1)).sin()));
}
