using Samples.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>Attention of each position to itself and earlier ones.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private const int Heads = 4;

    private readonly Linear queriesKeysValues;
    private readonly Linear output;

    public SelfAttention(int dim, Initialization initialization)
        : base(nameof(SelfAttention))
    {
        queriesKeysValues = nn.Linear(dim, 3 * dim).Drawn(initialization);
        output = nn.Linear(dim, dim).Drawn(initialization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (batch, length, dim) = (x.shape[0], x.shape[1], x.shape[2]);
        var heads = queriesKeysValues.forward(x).view(batch, length, 3, Heads, dim / Heads).permute(2, 0, 3, 1, 4);
        var attended = nn.functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], is_casual: true);
        return output.forward(attended.transpose(1, 2).reshape(batch, length, dim));
    }
}
