namespace TransformerClinic.Residuals;

/// <summary>What a stack of layers is in its model.</summary>
public enum StackRole
{
    /// <summary>The encoder of an encoder-decoder model: two sublayers a layer.</summary>
    Encoder,

    /// <summary>The decoder of an encoder-decoder model: three sublayers a layer.</summary>
    Decoder,

    /// <summary>A model that is one stack, encoder or decoder: two sublayers a layer.</summary>
    Alone,
}

/// <summary>The stack that residual connections are in: what the constants of some variants depend on.</summary>
/// <param name="Role">What the stack is in its model.</param>
/// <param name="EncoderLayers">N, the encoder's layers; of a model that is one stack, its layers.</param>
/// <param name="DecoderLayers">M, the decoder's layers; of a model that is one stack, 0.</param>
public sealed record StackShape(StackRole Role, int EncoderLayers, int DecoderLayers)
{
    /// <summary>A model that is one stack, such as a decoder-only language model.</summary>
    public static StackShape Alone(int layers) => new(StackRole.Alone, layers, 0);

    /// <summary>Residual connections of the stack: 2N, or 3M in a decoder with cross-attention.</summary>
    public int Residuals => SublayersOfLayer * Layers;

    /// <summary>Its layers: N or M.</summary>
    public int Layers => Role == StackRole.Decoder ? DecoderLayers : EncoderLayers;

    /// <summary>Sublayers of a layer: 2, or 3 in a decoder with cross-attention.</summary>
    public int SublayersOfLayer => Role == StackRole.Decoder ? 3 : 2;
}
