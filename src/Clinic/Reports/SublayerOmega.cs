using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Reports;

/// <summary>The two stacks of a translation Transformer.</summary>
public enum StackName
{
    /// <summary>Two sublayers per layer: self-attention, feed-forward.</summary>
    Encoder,

    /// <summary>Three sublayers per layer: self-attention, cross-attention, feed-forward.</summary>
    Decoder,
}

/// <summary>Omega of one Admin sublayer, <c>x = LN(x * omega + f(x))</c>, before and after training.</summary>
public sealed record SublayerOmega
{
    /// <summary>The stack it belongs to.</summary>
    public required StackName Stack { get; init; }

    /// <summary>Its layer, from 1 at the input.</summary>
    public required int Layer { get; init; }

    /// <summary>self-attention, cross-attention or feed-forward.</summary>
    public required string Sublayer { get; init; }

    /// <summary>The scalar that profiling filled the vector with.</summary>
    public required double Initial { get; init; }

    /// <summary>The vector after training; null if the model was not trained.</summary>
    public OmegaSpread? Trained { get; init; }
}
