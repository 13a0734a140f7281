using TorchSharp.Modules;
using TransformerClinic.Model.Functions;
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
    private readonly Dropout _dropout;
    private readonly Recomputation _recomputation;
    private readonly ResidualConnection _first;
    private readonly ResidualConnection _last;
    private StackPass? _newest;

    /// <summary>A stack of the given layers, bottom first.</summary>
    protected StackOfLayers(
        string name,
        IEnumerable<TLayer> layers,
        StackOptions options,
        int dim,
        Dropout dropout,
        Recomputation recomputation
    )
        : base(name)
    {
        _layers = new([.. layers]);
        (_scalesInput, _dropout, _recomputation) = (options.InputScale, dropout, recomputation);
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
    /// Has the backward pass of the newest forward pass fill the gradients of the layers' parameters instead of adding
    /// to them: then nobody has to set them to zero first.
    /// </summary>
    /// <returns>Whether it will; not where the layers are not one function.</returns>
    public bool FillGradients()
    {
        if (_newest is null)
        {
            return false;
        }

        _newest.FillsGradients = true;
        _newest = null;
        return true;
    }

    /// <summary>
    /// The stack's output from what it computes from. <paramref name="compute"/> computes a layer's output from the
    /// same with the layer's input, and from no other tensors.
    /// </summary>
    protected Tensor Pass(StackInputs inputs, Func<TLayer, StackInputs, Tensor> compute)
    {
        _newest = null;
        var first = inputs with { X = Begin(inputs.X) };
        if (IsOfKernels(first))
        {
            first = first.Contiguous();
            var pass = new StackPass([.. _layers.SelectMany(layer => layer.Pass(first))], _dropout.Handover);
            _newest = is_grad_enabled() ? pass : null;
            return Finish(StackFunction.Apply(first, pass));
        }

        var input = first.X;
        foreach (var layer in _layers)
        {
            var output = _recomputation.Apply(
                layer,
                tensors => compute(layer, new StackInputs(tensors[0]!, tensors[1], tensors[2], tensors[3])),
                input,
                inputs.Mask,
                inputs.Memory,
                inputs.MemoryMask
            );
            if (!ReferenceEquals(input, inputs.X))
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

    /// <summary>
    /// Whether one function computes all layers: kernels compute each, none is computed again, and a gradient of the
    /// parameters, of which autograd is not told, is one of the input, too.
    /// </summary>
    private bool IsOfKernels(StackInputs inputs) =>
        _layers.Count > 0
        && (!is_grad_enabled() || (inputs.X.requires_grad && !_recomputation.Active))
        && _layers.All(layer => layer.IsOfKernels(inputs));

    /// <summary>The stack's output from the last layer's.</summary>
    protected Tensor Finish(Tensor state)
    {
        var output = _last.EndStack(state);
        return _norm is null ? output : _norm.forward(output);
    }
}
