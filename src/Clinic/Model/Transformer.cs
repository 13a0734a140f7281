using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// The encoder's output <c>[batch, length, dim]</c> and the mask of its padding (null where there is none), added to
/// attention scores. Owned by the receiver.
/// </summary>
internal sealed record Memory(Tensor Output, Tensor? Mask);

/// <summary>
/// The encoder-decoder Transformer (Vaswani et al. 2017) with a residual variant for each stack. The input of a stack
/// is <c>dropout(sqrt(dim) * E[token] + P[position])</c>; with <see cref="ModelOptions.ZeroStart"/> the decoder's first
/// is <c>dropout(P[0])</c>. Logits are <c>h E_out^T</c>, and <c>h E_out^T + b</c> with
/// <see cref="ModelOptions.OutputBias"/>. E and E_out are as <see cref="Embeddings.Used"/> has them.
/// </summary>
/// <remarks>Padding is only masked as keys: padded positions are computed like others and never read.</remarks>
internal sealed class Transformer : nn.Module
{
    private readonly Scalar _scale;
    private readonly Scalar _padding;
    private readonly Linear[] _linears;
    private ScalarType? _computeType;

    /// <summary>A model with freshly drawn weights.</summary>
    /// <param name="options">The model's shape.</param>
    /// <param name="vocabulary">Size of the joint vocabulary.</param>
    /// <param name="padding">Id of the padding token.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public Transformer(ModelOptions options, int vocabulary, long padding, long seed)
        : base(nameof(Transformer))
    {
        OptionCheck.Valid(options, "model");
        using var initializer = new ParameterInitializer(seed);
        (Options, Vocabulary, Padding) = (options, vocabulary, padding);
        (_scale, _padding) = (Math.Sqrt(options.Dim), padding);
        Embeddings = new Embeddings(options, vocabulary, padding, initializer);
        Positions = new SinusoidalPositions(options.MaxPositions, options.Dim, options.Positions);
        Recomputation = new Recomputation(Dropout);
        Encoder = new Encoder(options, initializer, Dropout, Recomputation);
        Decoder = new Decoder(options, initializer, Dropout, Recomputation);
        register_module(EmbeddingNames.Module, Embeddings);
        register_module("positions", Positions);
        register_module(StackName.Encoder.Word(), Encoder);
        register_module(StackName.Decoder.Word(), Decoder);
        _linears = [.. modules().OfType<Linear>()]; // listing modules makes a name for each, every time
    }

    /// <summary>The model's shape.</summary>
    public ModelOptions Options { get; }

    /// <summary>Size of the joint vocabulary.</summary>
    public int Vocabulary { get; }

    /// <summary>Id of the padding token.</summary>
    public long Padding { get; }

    /// <summary>The model's dropout: off until a pass begins.</summary>
    public Dropout Dropout { get; } = new();

    /// <summary>
    /// Whether the backward pass computes layers again instead of keeping what they computed; it does not at first.
    /// </summary>
    public Recomputation Recomputation { get; }

    /// <summary>Embeddings and output projection.</summary>
    public Embeddings Embeddings { get; }

    /// <summary>Position embeddings of both stacks.</summary>
    public SinusoidalPositions Positions { get; }

    /// <summary>The encoder's stack.</summary>
    public Encoder Encoder { get; }

    /// <summary>The decoder's stack.</summary>
    public Decoder Decoder { get; }

    /// <summary>Source tokens <c>[batch, length]</c> (int64) to the encoder's output.</summary>
    /// <param name="source">The tokens.</param>
    /// <param name="isPadded">Whether there is padding among them; null asks them, which waits for a device.</param>
    public Memory Encode(Tensor source, bool? isPadded = null)
    {
        using var scope = NewDisposeScope();
        var mask = PaddingMask(source, isPadded);
        var output = Encoder.Apply(Embed(source, Embeddings.Source), mask);
        return new Memory(output.MoveToOuterDisposeScope(), mask?.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Previous output tokens <c>[batch, length]</c> (int64, beginning with the end mark, padded on the right) to the
    /// last layer's output <c>[batch, length, dim]</c>.
    /// </summary>
    /// <param name="previousOutput">The tokens.</param>
    /// <param name="memory">The encoder's output.</param>
    /// <param name="isPadded">Whether there is padding among them; null asks them, which waits for a device.</param>
    public Tensor Decode(Tensor previousOutput, Memory memory, bool? isPadded = null)
    {
        using var scope = NewDisposeScope();
        var mask = PaddingMask(previousOutput, isPadded);
        return Decoder
            .Apply(Embed(previousOutput, Embeddings.Target, Options.ZeroStart), mask, memory.Output, memory.Mask)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Logits <c>[..., vocabulary]</c> of the decoder's output <c>[..., dim]</c>, in the type that products compute in.
    /// </summary>
    public Tensor Project(Tensor hidden)
    {
        if (AddsWhereItBelongs(hidden))
        {
            return ProjectionFunction.Apply(hidden, Embeddings.Output, Dropout.Handover);
        }

        using var scope = NewDisposeScope();
        var output = Embeddings.Used(Embeddings.Output);
        return _computeType is { } type
            ? nn
                .functional.linear(hidden.to(type), output.to(type), Embeddings.OutputBias?.to(type))
                .MoveToOuterDisposeScope()
            : nn.functional.linear(hidden, output, Embeddings.OutputBias).MoveToOuterDisposeScope();
    }

    /// <summary>Logits <c>[batch, targetLength, vocabulary]</c> of a batch.</summary>
    public Tensor Forward(Tensor source, Tensor previousOutput)
    {
        using var scope = NewDisposeScope();
        return Project(Decode(previousOutput, Encode(source))).MoveToOuterDisposeScope();
    }

    /// <summary>A fresh cache for decoding a batch of sources.</summary>
    public DecoderCache StartDecoding(Memory memory)
    {
        using var scope = NewDisposeScope();
        return new DecoderCache(
            [.. Decoder.Layers.Select(layer => new LayerCache(layer.ProjectMemory(memory.Output)))],
            memory.Mask
        );
    }

    /// <summary>
    /// Logits <c>[sources, hypotheses, vocabulary]</c> of the next token after <paramref name="tokens"/> <c>[sources,
    /// hypotheses]</c> (int64), the newest of each hypothesis; the first step takes one hypothesis per source, the end
    /// mark.
    /// </summary>
    public Tensor DecodeStep(Tensor tokens, DecoderCache cache)
    {
        using var scope = NewDisposeScope();
        var embedded = Scaled(tokens, Embeddings.Target, zeroStart: Options.ZeroStart && cache.Step == 0);
        return Project(Decoder.Step(embedded.add_(Positions.AtStep(cache.Step), HeldScalars.One), cache))
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Has the backward pass of the newest forward pass fill the gradients of the layers' parameters instead of adding
    /// to them, where it can.
    /// </summary>
    /// <returns>Whether it will; then only the other parameters' gradients have to be set to zero before.</returns>
    public bool FillGradientsOfLayers() => Encoder.FillGradients() & Decoder.FillGradients();

    /// <summary>
    /// Makes matrix products, those of branches and of the output projection, compute in a type, such as bfloat16, or
    /// in the weights' own for null. Weights, residual stream, normalization and loss keep their precision.
    /// </summary>
    public void ComputeIn(ScalarType? type)
    {
        _computeType = type;
        foreach (var linear in _linears)
        {
            linear.ComputeType = type;
        }
    }

    /// <summary>
    /// Which positions of a batch are tokens, boolean <c>[batch, length]</c>, by the chains that profiling finds in
    /// this model.
    /// </summary>
    /// <param name="source">Source tokens <c>[batch, length]</c>.</param>
    /// <param name="previousOutput">Previous output tokens <c>[batch, length]</c>.</param>
    public IReadOnlyDictionary<string, Tensor> RealPositions(Tensor source, Tensor previousOutput) =>
        new Dictionary<string, Tensor>
        {
            [StackName.Encoder.Word()] = source.ne(_padding),
            [StackName.Decoder.Word()] = previousOutput.ne(_padding),
        };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Dropout.Dispose();
            Recomputation.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// What a stack reads: token embeddings and positions, <c>[batch, length] -> [batch, length, dim]</c>.
    /// </summary>
    internal Tensor Embed(Tensor tokens, Tensor embedding, bool zeroStart = false)
    {
        var isPlain = !zeroStart && !Options.FixNorm;
        if (isPlain && Dropout.UsesKernels(embedding) && EmbeddingFunction.Serves(embedding, Positions.Table))
        {
            Positions.Check(tokens);
            return EmbeddingFunction.Apply(
                tokens,
                embedding,
                Positions.Table,
                Math.Sqrt(Options.Dim),
                Padding,
                SinusoidalPositions.FirstRow,
                Dropout.Next(Options.Dropout),
                Dropout.Handover
            );
        }

        using var scope = NewDisposeScope();
        var embedded = Scaled(tokens, embedding, zeroStart);
        return Dropout
            .Apply(embedded.add(Positions.OfTokens(tokens, Padding), HeldScalars.One), Options.Dropout)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether the gradient of the output projection is added where it belongs by the product that computes it: in
    /// training in float32, with the matrix as it is and without a bias.
    /// </summary>
    private bool AddsWhereItBelongs(Tensor hidden) =>
        _computeType is null
        && !Options.OutputBias
        && !Options.FixNorm
        && hidden.dim() == 2
        && hidden.dtype == ScalarType.Float32
        && Dropout.UsesKernels(hidden);

    /// <summary>
    /// <c>sqrt(dim) * E[token]</c>, <c>[batch, length] -> [batch, length, dim]</c>; with <paramref name="zeroStart"/>
    /// the first of each sequence is zero, whatever token it is.
    /// </summary>
    private Tensor Scaled(Tensor tokens, Tensor embedding, bool zeroStart)
    {
        var (batch, length) = (tokens.shape[0], tokens.shape[1]);
        if (!zeroStart)
        {
            var rows = Embeddings.Used(embedding.index_select(0, tokens.flatten()));
            return rows.view(batch, length, Options.Dim) * _scale;
        }

        var first = zeros([batch, 1, Options.Dim], embedding.dtype, embedding.device);
        return length == 1 ? first : cat([first, Scaled(tokens.narrow(1, 1, length - 1), embedding, false)], 1);
    }

    /// <summary>Minus infinity at padding, <c>[batch, 1, 1, length]</c>, or null where there is no padding.</summary>
    private Tensor? PaddingMask(Tensor tokens, bool? isPadded)
    {
        if (isPadded == false)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var padding = tokens.eq(_padding);
        if (isPadded is null && !padding.any().item<bool>())
        {
            return null;
        }

        var mask = zeros(tokens.shape, Embeddings.Source.dtype, tokens.device)
            .masked_fill_(padding, HeldScalars.MinusInfinity);
        return mask.view(tokens.shape[0], 1, 1, tokens.shape[1]).MoveToOuterDisposeScope();
    }
}
