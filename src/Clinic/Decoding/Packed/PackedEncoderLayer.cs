using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A layer of <see cref="PackedEncoder"/>: self-attention with its residual connection, and feed-forward.
/// </summary>
internal sealed class PackedEncoderLayer
{
    /// <summary>The layer as its parameters are now.</summary>
    public PackedEncoderLayer(EncoderLayer layer, ModelOptions options, DecodingPrecision precision)
    {
        Connection = new PackedConnection(layer.SelfAttention.Residual);
        Attention = PackedAttention.ToSelf(layer.SelfAttention, options.Heads, precision, Connection.BranchScale);
        FeedForward = new PackedFeedForward(layer.FeedForward, options.Activation, precision);
    }

    /// <summary>The connection of <see cref="Attention"/>.</summary>
    public PackedConnection Connection { get; }

    /// <summary>The first sublayer's branch.</summary>
    public PackedAttention Attention { get; }

    /// <summary>The second sublayer.</summary>
    public PackedFeedForward FeedForward { get; }
}
