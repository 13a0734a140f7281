using TorchSharp.Modules;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// What encoder and decoder have in common: layers, a normalization after the last where the variant needs one, and a
/// scale of each input channel where the options ask for one. Between the two travels the state of the residual
/// connections: the stream itself, or what the variant makes of it (<see cref="ResidualConnection.BeginStack"/>).
/// </summary>
internal abstract class StackOfLayers<TLayer> : nn.Module
    where TLayer : nn.Module, ILayer
{
    private readonly ModuleList<TLayer> _layers;
    private readonly nn.Module<Tensor, Tensor>? _inputNorm;
    private readonly nn.Module<Tensor, Tensor>? _norm;
    private readonly bool _scalesInput;
    private readonly Recomputation _recomputation;
    private readonly ResidualConnection _first;
    private readonly ResidualConnection _last;

    /// <summary>A stack of the given layers, bottom first.</summary>
    protected StackOfLayers(
        string name,
        IEnumerable<TLayer> layers,
        StackOptions options,
        int dim,
        Recomputation recomputation
    )
        : base(name)
    {
        _layers = new([.. layers]);
        (_scalesInput, _recomputation) = (options.InputScale, recomputation);
        (_first, _last) = (Residuals.First(), Residuals.Last());
        register_module(SublayerWords.Layers, _layers);
        if (Residuals.Any(residual => residual.StackNeedsFinalNorm))
        {
            _norm = options.Norm.Create(dim);
            register_module(StackParts.FinalNorm, _norm);
        }

        if (_first.StackNeedsInputNorm)
        {
            _inputNorm = options.Norm.Create(dim);
            register_module(StackParts.InputNorm, _inputNorm);
        }

        if (_scalesInput)
        {
            register_parameter(StackParts.InputScale, ParameterInitializer.Ones(dim));
        }
    }

    /// <summary>The layers, bottom first.</summary>
    public IReadOnlyList<TLayer> Layers => [.. _layers];

    /// <summary>The sublayers in forward order.</summary>
    public IEnumerable<Sublayer> Sublayers => _layers.SelectMany(layer => layer.Sublayers);

    /// <summary>The residual connections in forward order.</summary>
    public IEnumerable<ResidualConnection> Residuals => Sublayers.Select(sublayer => sublayer.Residual);

    /// <summary>The scale of each channel of the stack's input, <c>[dim]</c>; null where there is none.</summary>
    public Parameter? InputScale => _scalesInput ? get_parameter(StackParts.InputScale) : null;

    /// <summary>The normalization after the last layer; null where there is none.</summary>
    public nn.Module<Tensor, Tensor>? FinalNorm => _norm;

    /// <summary>The normalization of the stack's input; null where there is none.</summary>
    public nn.Module<Tensor, Tensor>? InputNorm => _inputNorm;

    /// <summary>
    /// The normalization after the last layer as other programs know it, which have layer normalizations with gain and
    /// bias; null where there is none.
    /// </summary>
    public LayerNorm? FinalLayerNorm => (LayerNorm?)_norm;

    /// <summary>
    /// The stack's output from its input <c>[batch, length, dim]</c>. <paramref name="compute"/> computes a layer's
    /// output from the layer's input, followed by <paramref name="others"/>, and from no other tensors.
    /// </summary>
    protected Tensor Pass(
        Tensor x,
        Func<TLayer, IReadOnlyList<Tensor?>, Tensor> compute,
        params IReadOnlyList<Tensor?> others
    )
    {
        var input = Begin(x);
        foreach (var layer in _layers)
        {
            var output = _recomputation.Apply(layer, inputs => compute(layer, inputs), input, others);
            if (!ReferenceEquals(input, x))
            {
                // Autograd keeps what it needs; a pass without gradients needs no layer's input any more.
                input.Dispose();
            }

            input = output;
        }

        return Finish(input);
    }

    /// <summary>The input of the first layer from the stack's.</summary>
    protected Tensor Begin(Tensor x)
    {
        var input = InputScale is { } scale ? x * scale : x;
        return _first.BeginStack(_inputNorm is null ? input : _inputNorm.forward(input));
    }

    /// <summary>The stack's output from the last layer's.</summary>
    protected Tensor Finish(Tensor state)
    {
        var output = _last.EndStack(state);
        return _norm is null ? output : _norm.forward(output);
    }
}
