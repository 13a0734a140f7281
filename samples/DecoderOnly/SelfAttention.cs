using Samples.Comparison;
using TorchSharp.Modules;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>Attention of each position to itself and earlier ones.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private const int Heads = 4;

    private readonly Linear queriesKeysValues;
    private readonly Linear output;
    private readonly LayerNorm? norm; // of what the output projection reads
    private readonly ModuleList<LayerNorm> headNorms; // of queries, keys and values, or none

    public SelfAttention(int dim, Initialization initialization, BranchNorm norms = BranchNorm.None)
        : base(nameof(SelfAttention))
    {
        queriesKeysValues = nn.Linear(dim, 3 * dim).Drawn(initialization);
        output = nn.Linear(dim, dim).Drawn(initialization);
        norm = norms == BranchNorm.BeforeOutput ? nn.LayerNorm(dim) : null;
        headNorms = new ModuleList<LayerNorm>([
            .. Enumerable.Range(0, norms == BranchNorm.Heads ? 3 : 0).Select(_ => nn.LayerNorm(dim / Heads)),
        ]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (batch, length, dim) = (x.shape[0], x.shape[1], x.shape[2]);
        var heads = queriesKeysValues.forward(x).view(batch, length, 3, Heads, dim / Heads).permute(2, 0, 3, 1, 4);
        Tensor Part(int i) => headNorms.Count == 0 ? heads[i] : headNorms[i].forward(heads[i]);
        var attended = nn.functional.scaled_dot_product_attention(Part(0), Part(1), Part(2), is_casual: true);
        var together = attended.transpose(1, 2).reshape(batch, length, dim);
        return output.forward(norm is null ? together : norm.forward(together));
    }
}
