using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>What a variant asks of a branch.</summary>
/// <param name="Initialization">How its matrices are drawn.</param>
/// <param name="Norm">What it normalizes inside itself.</param>
/// <param name="Kind">By which normalizations.</param>
internal sealed record BranchDesign(BranchInitialization Initialization, BranchNorm Norm, NormKind Kind)
{
    /// <summary>A branch like any other.</summary>
    public static BranchDesign Standard { get; } = new(BranchInitialization.Standard, BranchNorm.None, default);

    /// <summary>A normalization over this many channels; null where the variant has none there.</summary>
    public nn.Module<Tensor, Tensor>? CreateNorm(BranchNorm where, long channels) =>
        Norm == where ? Kind.Create(channels) : null;
}
