using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Folding;

/// <summary>
/// A sublayer as folding sees it: its connection, and the matrices through which its branch reads and writes the
/// residual stream.
/// </summary>
/// <param name="Address">Where it is.</param>
/// <param name="Connection">Its residual connection.</param>
/// <param name="Input">What the branch reads with; the columns of its weight are the stream's channels.</param>
/// <param name="InputRows">
/// How many of its rows, from the first, read the stream. In attention to the source they are the queries: its keys and
/// values read the encoder's output.
/// </param>
/// <param name="Output">What the branch writes with.</param>
internal sealed record FoldableSublayer(
    SublayerAddress Address,
    ResidualConnection Connection,
    Linear Input,
    long InputRows,
    Linear Output
)
{
    /// <summary>The connection's equation, once it is known to have one.</summary>
    public ResidualForm Form => Connection.Form!;

    /// <summary>What the sum goes through, once it is known to be a layer normalization.</summary>
    public LayerNorm Norm => (LayerNorm)Form.After!.Module;

    /// <summary>The sublayers of a stack in forward order.</summary>
    public static IReadOnlyList<FoldableSublayer> Of(Transformer model, StackName stack) =>
        [
            .. SublayerAddress
                .AllOf(model)
                .Where(entry => entry.Address.Stack == stack)
                .Select(entry =>
                    entry.Address.ReadsMemory
                        ? QueriesOf(entry.Address, entry.Sublayer)
                        : Of(entry.Address, entry.Sublayer)
                ),
        ];

    /// <summary>A sublayer whose branch reads only the stream.</summary>
    /// <exception cref="UserErrorException">The branch is of no known kind.</exception>
    public static FoldableSublayer Of(SublayerAddress address, Sublayer sublayer)
    {
        var (input, output) = sublayer.Branch switch
        {
            MultiHeadAttention attention => (attention.InputProjection, attention.OutputProjection),
            FeedForward feedForward => (feedForward.Inner, feedForward.Outer),
            _ => throw new UserErrorException(
                $"{address}: its branch is of the type {sublayer.Branch.GetType().Name}; which of its matrices read "
                    + "the residual stream is known only of attention and feed-forward, so it cannot be folded."
            ),
        };
        return new FoldableSublayer(address, sublayer.Residual, input, input.Weight.shape[0], output);
    }

    /// <summary>The shortcut's factor in each channel.</summary>
    public double[] ShortcutScale() => Form.Shortcut.Values(Connection.Dim);

    /// <summary>The branch's factor in each channel.</summary>
    public double[] BranchScale() => Form.Branch.Values(Connection.Dim);

    private static FoldableSublayer QueriesOf(SublayerAddress address, Sublayer sublayer) =>
        Of(address, sublayer) with
        {
            InputRows = sublayer.Residual.Dim,
        };
}
