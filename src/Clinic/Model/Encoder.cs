using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>A stack of encoder layers; Pre-LN stacks end with one more normalization.</summary>
internal sealed class Encoder : StackOfLayers<EncoderLayer>
{
    /// <summary>A stack with freshly drawn weights.</summary>
    public Encoder(ModelOptions options, ParameterInitializer initializer, Dropout dropout, Recomputation recomputation)
        : base(
            nameof(Encoder),
            MakeLayers(options, initializer, dropout),
            options.Encoder,
            options.Dim,
            dropout,
            recomputation
        ) { }

    /// <summary>
    /// <c>[batch, length, dim] -> [batch, length, dim]</c>; the mask is added to the attention scores.
    /// </summary>
    public Tensor Apply(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Pass(new StackInputs(x, mask), (layer, inputs) => layer.Apply(inputs.X, inputs.Mask))
            .MoveToOuterDisposeScope();
    }

    private static IEnumerable<EncoderLayer> MakeLayers(
        ModelOptions options,
        ParameterInitializer initializer,
        Dropout dropout
    )
    {
        var shape = new StackShape(StackRole.Encoder, options.Encoder.Layers, options.Decoder.Layers);
        var residuals = new ResidualFactory(options.Dim, shape, options.Encoder.Residuals);
        return Enumerable
            .Range(0, options.Encoder.Layers)
            .Select(_ => new EncoderLayer(options, residuals, initializer, dropout));
    }
}
