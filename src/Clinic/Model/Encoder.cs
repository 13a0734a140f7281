using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>A stack of encoder layers; Pre-LN stacks end with one more normalisation.</summary>
public sealed class Encoder : nn.Module
{
    private readonly TorchSharp.Modules.ModuleList<EncoderLayer> _layers;
    private readonly TorchSharp.Modules.LayerNorm? _norm;

    /// <summary>A stack with freshly drawn weights.</summary>
    public Encoder(ModelOptions options, ParameterInitializer initializer, Dropout dropout)
        : base(nameof(Encoder))
    {
        _layers = new([.. Enumerable.Range(0, options.Encoder.Layers).Select(_ => new EncoderLayer(options, initializer, dropout))]);
        register_module("layers", _layers);
        if (_layers[0].FeedForward.Residual.StackNeedsFinalNorm)
        {
            _norm = nn.LayerNorm(options.Dim);
            register_module("norm", _norm);
        }
    }

    /// <summary>The layers, bottom first.</summary>
    public IReadOnlyList<EncoderLayer> Layers => [.. _layers];

    /// <summary>The residual connections in forward order.</summary>
    public IEnumerable<ResidualConnection> Residuals => _layers.SelectMany(layer => layer.Sublayers).Select(sublayer => sublayer.Residual);

    /// <summary><c>[batch, length, dim] -> [batch, length, dim]</c>; the mask is added to the attention scores.</summary>
    public Tensor Apply(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, mask);
        }

        return (_norm is null ? x : _norm.forward(x)).MoveToOuterDisposeScope();
    }
}
