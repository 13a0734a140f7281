using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>A stack of decoder layers; Pre-LN stacks end with one more normalisation.</summary>
public sealed class Decoder : nn.Module
{
    private readonly TorchSharp.Modules.ModuleList<DecoderLayer> _layers;
    private readonly TorchSharp.Modules.LayerNorm? _norm;

    /// <summary>A stack with freshly drawn weights.</summary>
    public Decoder(ModelOptions options, ParameterInitializer initializer, Dropout dropout)
        : base(nameof(Decoder))
    {
        _layers = new([.. Enumerable.Range(0, options.Decoder.Layers).Select(_ => new DecoderLayer(options, initializer, dropout))]);
        register_module("layers", _layers);
        if (_layers[0].FeedForward.Residual.StackNeedsFinalNorm)
        {
            _norm = nn.LayerNorm(options.Dim);
            register_module("norm", _norm);
        }
    }

    /// <summary>The layers, bottom first.</summary>
    public IReadOnlyList<DecoderLayer> Layers => [.. _layers];

    /// <summary>The residual connections in forward order.</summary>
    public IEnumerable<ResidualConnection> Residuals => _layers.SelectMany(layer => layer.Sublayers).Select(sublayer => sublayer.Residual);

    /// <summary>
    /// All positions at once: <c>x [batch, length, dim]</c> with the encoder's output to <c>[batch, length, dim]</c>; no position
    /// sees a later one. The masks, <c>[batch, 1, 1, length]</c>, hide padding and are null where there is none.
    /// </summary>
    public Tensor Apply(Tensor x, Tensor? mask, Tensor memory, Tensor? memoryMask)
    {
        using var scope = NewDisposeScope();
        var causal = full([x.shape[1], x.shape[1]], HeldScalars.MinusInfinity, x.dtype, x.device).triu_(1);
        causal = mask is null ? causal : causal + mask;
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, causal, memory, memoryMask);
        }

        return Finish(x).MoveToOuterDisposeScope();
    }

    /// <summary>One step of incremental decoding: <c>x [sources, hypotheses, dim]</c> to the same shape, the cache grown by one step.</summary>
    public Tensor Step(Tensor x, DecoderCache cache)
    {
        using var scope = NewDisposeScope();
        var ancestryMask = cache.NextStep(x.shape[1]);
        for (var i = 0; i < _layers.Count; i++)
        {
            x = _layers[i].Step(x, cache.Layers[i], ancestryMask, cache.MemoryMask);
        }

        return Finish(x).MoveToOuterDisposeScope();
    }

    private Tensor Finish(Tensor x) => _norm is null ? x : _norm.forward(x);
}
