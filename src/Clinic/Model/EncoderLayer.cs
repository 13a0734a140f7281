using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Two sublayers: self-attention, feed-forward.</summary>
internal sealed class EncoderLayer : nn.Module, ILayer
{
    private readonly MultiHeadAttention _selfAttention;
    private readonly FeedForward _feedForward;

    /// <summary>A layer with freshly drawn weights.</summary>
    public EncoderLayer(
        ModelOptions options,
        ResidualFactory residuals,
        ParameterInitializer initializer,
        Dropout dropout
    )
        : base(nameof(EncoderLayer))
    {
        var connections = residuals.NextLayer(sublayers: 2);
        _selfAttention = new MultiHeadAttention(options, residuals.BranchOf(connections[0]), initializer, dropout);
        _feedForward = new FeedForward(options, residuals.BranchOf(connections[1]), initializer, dropout);
        SelfAttention = new Sublayer(_selfAttention, connections[0], options, dropout);
        FeedForward = new Sublayer(_feedForward, connections[1], options, dropout);
        register_module(SublayerKind.SelfAttention.ModuleName(), SelfAttention);
        register_module(SublayerKind.FeedForward.ModuleName(), FeedForward);
    }

    /// <summary>The first sublayer.</summary>
    public Sublayer SelfAttention { get; }

    /// <summary>The second sublayer.</summary>
    public Sublayer FeedForward { get; }

    /// <inheritdoc/>
    public IEnumerable<Sublayer> Sublayers => [SelfAttention, FeedForward];

    /// <summary>
    /// <c>[batch, length, dim] -> [batch, length, dim]</c>; the mask is added to the attention scores.
    /// </summary>
    public Tensor Apply(Tensor x, Tensor? mask)
    {
        using var attended = SelfAttention.Apply(x, input => _selfAttention.ToSelf(input, mask));
        return FeedForward.Apply(attended, _feedForward.forward);
    }

    /// <inheritdoc/>
    public bool IsOfKernels(StackInputs inputs) =>
        Sublayers.All(sublayer => sublayer.IsOfKernels(inputs.X))
        && _selfAttention.IsOfKernels(inputs.X, inputs.X, inputs.Mask)
        && _feedForward.IsOfKernels(inputs.X);

    /// <inheritdoc/>
    public IEnumerable<SublayerPass> Pass(StackInputs inputs) =>
        [
            SelfAttention.Pass(inputs, _selfAttention.Pass(inputs.X, null, inputs.Mask)),
            FeedForward.Pass(inputs, _feedForward.Pass(inputs.Rows)),
        ];
}
