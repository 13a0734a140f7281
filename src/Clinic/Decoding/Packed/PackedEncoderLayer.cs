using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A layer of <see cref="PackedEncoder"/>: self-attention with its residual connection, and feed-forward.
/// </summary>
internal sealed class PackedEncoderLayer
{
    /// <summary>A model's layer of this number, from 0.</summary>
    public PackedEncoderLayer(IModelParts parts, int layer, DecodingPrecision precision)
    {
        var attention = new SublayerAddress(StackName.Encoder, layer, SublayerKind.SelfAttention);
        Connection = parts.Connection(attention);
        Attention = new PackedAttention(parts, attention, precision, Connection.BranchScale);
        FeedForward = new PackedFeedForward(parts, attention with { Kind = SublayerKind.FeedForward }, precision);
    }

    /// <summary>The connection of <see cref="Attention"/>.</summary>
    public PackedConnection Connection { get; }

    /// <summary>The first sublayer's branch.</summary>
    public PackedAttention Attention { get; }

    /// <summary>The second sublayer.</summary>
    public PackedFeedForward FeedForward { get; }
}
