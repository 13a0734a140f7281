using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Folding;

/// <summary>
/// A sublayer as folding sees it: its connection, and the matrices through which its branch reads and writes the
/// residual stream.
/// </summary>
/// <param name="Name">Where it is, such as <c>encoder layer 1, self-attention</c>.</param>
/// <param name="Connection">Its residual connection.</param>
/// <param name="Input">What the branch reads with; the columns of its weight are the stream's channels.</param>
/// <param name="InputRows">
/// How many of its rows, from the first, read the stream. In attention to the source they are the queries: its keys and
/// values read the encoder's output.
/// </param>
/// <param name="Output">What the branch writes with.</param>
internal sealed record FoldableSublayer(
    string Name,
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

    /// <summary>The sublayers of an encoder in forward order.</summary>
    public static IReadOnlyList<FoldableSublayer> Of(Encoder encoder) =>
        [
            .. encoder.Layers.SelectMany(
                (layer, i) =>
                    new[]
                    {
                        Of($"encoder layer {i + 1}, self-attention", layer.SelfAttention),
                        Of($"encoder layer {i + 1}, feed-forward", layer.FeedForward),
                    }
            ),
        ];

    /// <summary>The sublayers of a decoder in forward order.</summary>
    public static IReadOnlyList<FoldableSublayer> Of(Decoder decoder) =>
        [
            .. decoder.Layers.SelectMany(
                (layer, i) =>
                    new[]
                    {
                        Of($"decoder layer {i + 1}, self-attention", layer.SelfAttention),
                        QueriesOf($"decoder layer {i + 1}, cross-attention", layer.CrossAttention),
                        Of($"decoder layer {i + 1}, feed-forward", layer.FeedForward),
                    }
            ),
        ];

    /// <summary>A sublayer whose branch reads nothing but the stream.</summary>
    /// <exception cref="UserErrorException">The branch is of no known kind.</exception>
    public static FoldableSublayer Of(string name, Sublayer sublayer)
    {
        var (input, output) = sublayer.Branch switch
        {
            MultiHeadAttention attention => (attention.InputProjection, attention.OutputProjection),
            FeedForward feedForward => (feedForward.Inner, feedForward.Outer),
            _ => throw new UserErrorException(
                $"{name}: its branch is of the type {sublayer.Branch.GetType().Name}; which of its matrices read the "
                    + "residual stream is known only of attention and feed-forward, so it cannot be folded."
            ),
        };
        return new FoldableSublayer(name, sublayer.Residual, input, input.Weight.shape[0], output);
    }

    /// <summary>The shortcut's factor in each channel.</summary>
    public double[] ShortcutScale() => Form.Shortcut.Values(Connection.Dim);

    /// <summary>The branch's factor in each channel.</summary>
    public double[] BranchScale() => Form.Branch.Values(Connection.Dim);

    private static FoldableSublayer QueriesOf(string name, Sublayer sublayer) =>
        Of(name, sublayer) with
        {
            InputRows = sublayer.Residual.Dim,
        };
}
