using Samples.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.ResidualMlp;

/// <summary>Maps pixels to the logits of the digits, through residual blocks.</summary>
internal sealed class Network : nn.Module<Tensor, Tensor>
{
    private const int Dim = 64;

    private readonly Linear input = nn.Linear(StrokeDigits.Pixels, Dim);
    private readonly Sequential blocks;
    private readonly Linear output = nn.Linear(Dim, StrokeDigits.Kinds);

    public Network(SampleOptions options, bool admin)
        : base(nameof(Network))
    {
        blocks = nn.Sequential(
            Enumerable.Range(0, options.Depth).Select(_ => new Block(Dim, options.Initialization, admin))
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels) => output.forward(blocks.forward(input.forward(pixels)));
}
