using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Two sublayers: self-attention, feed-forward.</summary>
public sealed class EncoderLayer : nn.Module
{
    private readonly MultiHeadAttention _selfAttention;
    private readonly FeedForward _feedForward;

    /// <summary>A layer with freshly drawn weights.</summary>
    public EncoderLayer(ModelOptions options, ParameterInitializer initializer, Dropout dropout)
        : base(nameof(EncoderLayer))
    {
        _selfAttention = new MultiHeadAttention(options, initializer, dropout);
        _feedForward = new FeedForward(options, initializer, dropout);
        SelfAttention = new Sublayer(_selfAttention, options.Encoder.Variant, options, dropout);
        FeedForward = new Sublayer(_feedForward, options.Encoder.Variant, options, dropout);
        register_module("self_attention", SelfAttention);
        register_module("feed_forward", FeedForward);
    }

    /// <summary>The first sublayer.</summary>
    public Sublayer SelfAttention { get; }

    /// <summary>The second sublayer.</summary>
    public Sublayer FeedForward { get; }

    /// <summary>The sublayers in forward order.</summary>
    public IEnumerable<Sublayer> Sublayers => [SelfAttention, FeedForward];

    /// <summary><c>[batch, length, dim] -> [batch, length, dim]</c>; the mask is added to the attention scores.</summary>
    public Tensor Apply(Tensor x, Tensor? mask)
    {
        using var attended = SelfAttention.Apply(x, input => _selfAttention.ToSelf(input, mask));
        return FeedForward.Apply(attended, _feedForward.forward);
    }
}
