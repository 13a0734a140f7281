using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// <c>FFN(x) = norm(act(x W_1^T + b_1)) W_2^T + b_2</c>, <c>[..., dim] -> [..., dim]</c>; the normalization only where
/// the variant asks for it.
/// </summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear _inner;
    private readonly Linear _outer;
    private readonly nn.Module<Tensor, Tensor>? _norm;
    private readonly Activation _activation;
    private readonly Dropout _dropout;
    private readonly double _dropoutRate;

    /// <summary>A feed-forward branch with freshly drawn weights.</summary>
    public FeedForward(ModelOptions options, BranchDesign design, ParameterInitializer initializer, Dropout dropout)
        : base(nameof(FeedForward))
    {
        (_activation, _dropout, _dropoutRate) = (options.Activation, dropout, options.ActivationDropout);
        var (inner, outer) = initializer.FeedForward(options.Dim, options.FeedForwardDim, design.Initialization);
        _inner = new Linear(inner);
        _outer = new Linear(outer);
        register_module("inner", _inner);
        register_module("outer", _outer);
        _norm = design.CreateNorm(BranchNorm.BeforeOutput, options.FeedForwardDim);
        if (_norm is not null)
        {
            register_module("norm", _norm);
        }
    }

    /// <summary><c>W_1 [hidden, dim]</c>, <c>b_1</c></summary>
    public Linear Inner => _inner;

    /// <summary><c>W_2 [dim, hidden]</c>, <c>b_2</c></summary>
    public Linear Outer => _outer;

    /// <summary>What the hidden layer goes through before W_2; null for nothing.</summary>
    public nn.Module<Tensor, Tensor>? OutputNorm => _norm;

    /// <summary>
    /// Looks on at the hidden layer <c>[..., hidden]</c> after the activation and before dropout, under the rules of
    /// <see cref="Residuals.ResidualConnection.Observer"/>.
    /// </summary>
    public Action<Tensor>? Observer { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (IsOfKernels(input))
        {
            var pass = Pass((int)(input.numel() / _inner.Inputs));
            return BranchFunction.Apply(input, memory: null, mask: null, pass, _dropout.Handover);
        }

        using var scope = NewDisposeScope();
        var hidden = _inner.forward(input);
        hidden = _activation switch
        {
            Activation.Relu => hidden.relu_(),
            Activation.Gelu => nn.functional.gelu(hidden),
            Activation.Swish => nn.functional.silu(hidden),
            _ => throw new InvalidOperationException($"The activation {_activation} is not known."),
        };
        Observer?.Invoke(hidden);
        hidden = _dropout.Apply(hidden, _dropoutRate);
        hidden = _norm is null ? hidden : _norm.call(hidden.to(_outer.Weight.dtype));
        return _outer.forward(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Whether kernels compute the whole branch. They show the hidden layer to nobody.</summary>
    internal bool IsOfKernels(Tensor input) =>
        Observer is null
        && _norm is null
        && _activation == Activation.Relu
        && _dropout.UsesKernels(input)
        && FeedForwardPass.Serves(input, _inner, _outer);

    /// <summary>The branch as kernels compute it in one pass; draws the dropout mask.</summary>
    internal FeedForwardPass Pass(int rows) => new(_inner, _outer, _dropout.Next(_dropoutRate), rows);
}
