using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>A stack of decoder layers; Pre-LN stacks end with one more normalization.</summary>
internal sealed class Decoder : StackOfLayers<DecoderLayer>
{
    /// <summary>A stack with freshly drawn weights.</summary>
    public Decoder(ModelOptions options, ParameterInitializer initializer, Dropout dropout, Recomputation recomputation)
        : base(
            nameof(Decoder),
            MakeLayers(options, initializer, dropout),
            options.Decoder,
            options.Dim,
            dropout,
            recomputation
        ) { }

    /// <summary>
    /// All positions at once: <c>x [batch, length, dim]</c> with the encoder's output to <c>[batch, length, dim]</c>;
    /// no position sees a later one. The masks, <c>[batch, 1, 1, length]</c>, hide padding and are null where there is
    /// none.
    /// </summary>
    public Tensor Apply(Tensor x, Tensor? mask, Tensor memory, Tensor? memoryMask)
    {
        using var scope = NewDisposeScope();
        var causal = full([x.shape[1], x.shape[1]], HeldScalars.MinusInfinity, x.dtype, x.device).triu_(1);
        causal = mask is null ? causal : causal.add(mask, HeldScalars.One);
        return Pass(
                new StackInputs(x, causal, memory, memoryMask),
                (layer, inputs) => layer.Apply(inputs.X, inputs.Mask, inputs.Memory!, inputs.MemoryMask)
            )
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One step of incremental decoding: <c>x [sources, hypotheses, dim]</c> to the same shape, the cache grown by one
    /// step.
    /// </summary>
    public Tensor Step(Tensor x, DecoderCache cache)
    {
        using var scope = NewDisposeScope();
        var ancestryMask = cache.NextStep(x.shape[1]);
        x = Begin(x);
        foreach (var (layer, layerCache) in Layers.Zip(cache.Layers))
        {
            x = layer.Step(x, layerCache, ancestryMask, cache.MemoryMask);
        }

        return Finish(x).MoveToOuterDisposeScope();
    }

    private static IEnumerable<DecoderLayer> MakeLayers(
        ModelOptions options,
        ParameterInitializer initializer,
        Dropout dropout
    )
    {
        var shape = new StackShape(StackRole.Decoder, options.Encoder.Layers, options.Decoder.Layers);
        var residuals = new ResidualFactory(options.Dim, shape, options.Decoder.Residuals);
        return Enumerable
            .Range(0, options.Decoder.Layers)
            .Select(_ => new DecoderLayer(options, residuals, initializer, dropout));
    }
}
