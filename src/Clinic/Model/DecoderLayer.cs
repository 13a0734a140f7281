using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Three sublayers: self-attention, cross-attention, feed-forward.</summary>
internal sealed class DecoderLayer : nn.Module, ILayer
{
    private readonly MultiHeadAttention _selfAttention;
    private readonly MultiHeadAttention _crossAttention;
    private readonly FeedForward _feedForward;

    /// <summary>A layer with freshly drawn weights.</summary>
    public DecoderLayer(
        ModelOptions options,
        ResidualFactory residuals,
        ParameterInitializer initializer,
        Dropout dropout
    )
        : base(nameof(DecoderLayer))
    {
        var connections = residuals.NextLayer(sublayers: 3);
        _selfAttention = new MultiHeadAttention(options, residuals.BranchOf(connections[0]), initializer, dropout);
        _crossAttention = new MultiHeadAttention(options, residuals.BranchOf(connections[1]), initializer, dropout);
        _feedForward = new FeedForward(options, residuals.BranchOf(connections[2]), initializer, dropout);
        SelfAttention = new Sublayer(_selfAttention, connections[0], options, dropout);
        CrossAttention = new Sublayer(_crossAttention, connections[1], options, dropout);
        FeedForward = new Sublayer(_feedForward, connections[2], options, dropout);
        register_module(SublayerKind.SelfAttention.ModuleName(), SelfAttention);
        register_module(SublayerKind.CrossAttention.ModuleName(), CrossAttention);
        register_module(SublayerKind.FeedForward.ModuleName(), FeedForward);
    }

    /// <summary>The first sublayer.</summary>
    public Sublayer SelfAttention { get; }

    /// <summary>The second sublayer.</summary>
    public Sublayer CrossAttention { get; }

    /// <summary>The third sublayer.</summary>
    public Sublayer FeedForward { get; }

    /// <inheritdoc/>
    public IEnumerable<Sublayer> Sublayers => [SelfAttention, CrossAttention, FeedForward];

    /// <summary>
    /// <c>x [batch, length, dim]</c> with the encoder's output <c>memory [batch, sourceLength, dim]</c> to <c>[batch,
    /// length, dim]</c>; the masks are added to the attention scores.
    /// </summary>
    public Tensor Apply(Tensor x, Tensor? causalMask, Tensor memory, Tensor? memoryMask)
    {
        using var attended = SelfAttention.Apply(x, input => _selfAttention.ToSelf(input, causalMask));
        using var crossed = CrossAttention.Apply(
            attended,
            input => _crossAttention.ToSequence(input, memory, memoryMask)
        );
        return FeedForward.Apply(crossed, _feedForward.forward);
    }

    /// <inheritdoc/>
    public bool IsOfKernels(StackInputs inputs) =>
        Sublayers.All(sublayer => sublayer.IsOfKernels(inputs.X))
        && _selfAttention.IsOfKernels(inputs.X, inputs.X, inputs.Mask)
        && _crossAttention.IsOfKernels(inputs.X, inputs.Memory!, inputs.MemoryMask)
        && _feedForward.IsOfKernels(inputs.X);

    /// <inheritdoc/>
    public IEnumerable<SublayerPass> Pass(StackInputs inputs) =>
        [
            SelfAttention.Pass(inputs, _selfAttention.Pass(inputs.X, null, inputs.Mask)),
            CrossAttention.Pass(inputs, _crossAttention.Pass(inputs.X, inputs.Memory, inputs.MemoryMask)),
            FeedForward.Pass(inputs, _feedForward.Pass(inputs.Rows)),
        ];

    /// <summary>
    /// Keys and values of the encoder's output for this layer's cross-attention, computed once a sentence.
    /// </summary>
    public KeyValues ProjectMemory(Tensor memory) => _crossAttention.Project(memory);

    /// <summary>
    /// One step of incremental decoding: <c>x [sources, hypotheses, dim]</c>, the cache grown by this step's keys and
    /// values. Hypotheses of a source attend to the same memory, as positions of one sequence do.
    /// </summary>
    public Tensor Step(Tensor x, LayerCache cache, Tensor? ancestryMask, Tensor? memoryMask)
    {
        using var attended = SelfAttention.Apply(x, input => _selfAttention.ToCache(input, cache, ancestryMask));
        using var crossed = CrossAttention.Apply(
            attended,
            input => _crossAttention.ToMemory(input, cache.Memory, memoryMask)
        );
        return FeedForward.Apply(crossed, _feedForward.forward);
    }
}
