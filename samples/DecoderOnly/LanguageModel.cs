using Samples.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>Maps characters to the logits of the next one at each position.</summary>
internal sealed class LanguageModel : nn.Module<Tensor, Tensor>
{
    private const int Dim = 64;

    private readonly Embedding characters;
    private readonly Embedding positions;
    private readonly nn.Module<Tensor, Tensor> blocks;
    private readonly Linear output;

    public LanguageModel(int kinds, int maxLength, SampleOptions options, bool admin)
        : base(nameof(LanguageModel))
    {
        characters = nn.Embedding(kinds, Dim);
        positions = nn.Embedding(maxLength, Dim);
        blocks =
            admin && options.Remedy != SampleOptions.Admin
                ? new RemedyStack(Dim, options)
                : nn.Sequential(
                    Enumerable.Range(0, options.Depth).Select(_ => new Block(Dim, options.Initialization, admin))
                );
        output = nn.Linear(Dim, kinds);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        using var order = arange(ids.shape[1]);
        return output.forward(blocks.forward(characters.forward(ids) + positions.forward(order)));
    }
}
