using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Normalizations of attention's queries, keys and values, <c>[..., dim/heads]</c>; all heads of an attention share
/// them.
/// </summary>
internal sealed class HeadNorms : nn.Module
{
    private HeadNorms(nn.Module<Tensor, Tensor> query, nn.Module<Tensor, Tensor> key, nn.Module<Tensor, Tensor> value)
        : base(nameof(HeadNorms))
    {
        (Query, Key, Value) = (query, key, value);
        register_module("query", query);
        register_module("key", key);
        register_module("value", value);
    }

    /// <summary>Of queries.</summary>
    public nn.Module<Tensor, Tensor> Query { get; }

    /// <summary>Of keys.</summary>
    public nn.Module<Tensor, Tensor> Key { get; }

    /// <summary>Of values.</summary>
    public nn.Module<Tensor, Tensor> Value { get; }

    /// <summary>Those that a variant asks for; null for none.</summary>
    public static HeadNorms? Of(BranchDesign design, long headDim) =>
        design.Norm == BranchNorm.Heads
            ? new HeadNorms(
                design.CreateNorm(BranchNorm.Heads, headDim)!,
                design.CreateNorm(BranchNorm.Heads, headDim)!,
                design.CreateNorm(BranchNorm.Heads, headDim)!
            )
            : null;

    /// <summary>A normalization in the type of its own weights; the result has the heads' type.</summary>
    public static Tensor Apply(nn.Module<Tensor, Tensor> norm, Tensor heads) =>
        norm.call(heads.to(norm.parameters().First().dtype)).to(heads.dtype);
}
