using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>What a sublayer's branch is.</summary>
public enum BranchKind
{
    /// <summary>Attention to the stack's own positions.</summary>
    SelfAttention,

    /// <summary>Attention to the encoder's output.</summary>
    CrossAttention,

    /// <summary>The feed-forward network, the last of a layer.</summary>
    FeedForward,
}

/// <summary>Where a connection is going to be: what a variant may depend on.</summary>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="Stack">The stack; its number of connections is n.</param>
/// <param name="Index">The connection's number in its stack, from 0, in forward order.</param>
/// <param name="Layer">Its layer's number, from 0.</param>
/// <param name="FirstOfLayer">
/// The connection of the layer's first sublayer, for variants whose sublayers share something; null for that one
/// itself.
/// </param>
/// <param name="Device">Where the connection's parameters are to be; null for torch's default device.</param>
/// <param name="Dtype">The type they are to be of; null for torch's default type.</param>
public sealed record ResidualPlace(
    long Dim,
    StackShape Stack,
    int Index,
    int Layer,
    ResidualConnection? FirstOfLayer,
    Device? Device = null,
    ScalarType? Dtype = null
)
{
    /// <summary>Its sublayer's number in the layer, from 0.</summary>
    public int Sublayer { get; init; } = Math.Max(0, Index - (Layer * Stack.SublayersOfLayer));

    /// <summary>How many sublayers its layer has.</summary>
    public int SublayersOfLayer { get; init; } = Stack.SublayersOfLayer;

    /// <summary>Which normalizations the stack has.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Whether its sublayer is the layer's first.</summary>
    public bool IsFirstOfLayer => Sublayer == 0;

    /// <summary>Whether its sublayer is the layer's last.</summary>
    public bool IsLastOfLayer => Sublayer == SublayersOfLayer - 1;

    /// <summary>Whether its sublayer is the stack's last.</summary>
    public bool IsLastOfStack => Index == Stack.Residuals - 1;

    /// <summary>What its branch is.</summary>
    public BranchKind Kind =>
        IsLastOfLayer ? BranchKind.FeedForward
        : IsFirstOfLayer ? BranchKind.SelfAttention
        : BranchKind.CrossAttention;

    /// <summary>A normalization of the stack's kind, for the connection to register.</summary>
    public nn.Module<Tensor, Tensor> CreateNorm() => Norm.Create(Dim, Device, Dtype);
}
