using TorchSharp;
using TransformerClinic.Kernels.Attention;
using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Keys and values of one attention, each <c>[batch, heads, length, dim/heads]</c>.</summary>
internal sealed record KeyValues(Tensor Keys, Tensor Values);

/// <summary>
/// <c>MultiHead(q, m) = concat_h(softmax(q_h k_h^T / sqrt(d/H) + mask) v_h) W_O + b_O</c> (Vaswani et al. 2017). Q, K
/// and V are rows <c>[0,d)</c>, <c>[d,2d)</c>, <c>[2d,3d)</c> of one matrix; heads are contiguous slices of d/H
/// channels. Where the variant asks for it, what W_O reads is normalized first, or are q, k and v of each head.
/// </summary>
internal sealed class MultiHeadAttention : nn.Module
{
    private readonly Linear _input;
    private readonly Linear _output;
    private readonly nn.Module<Tensor, Tensor>? _norm;
    private readonly HeadNorms? _headNorms;
    private readonly Dropout _dropout;
    private readonly double _dropoutRate;
    private readonly int _dim;
    private readonly int _heads;
    private readonly double _scale;
    private readonly Scalar _queryScale;

    /// <summary>An attention with freshly drawn weights.</summary>
    public MultiHeadAttention(
        ModelOptions options,
        BranchDesign design,
        ParameterInitializer initializer,
        Dropout dropout
    )
        : base(nameof(MultiHeadAttention))
    {
        (_dim, _heads, _dropout, _dropoutRate) = (options.Dim, options.Heads, dropout, options.AttentionDropout);
        _queryScale = _scale = Math.Pow(_dim / _heads, -0.5);
        var initialization = design.Initialization;
        _input = new Linear(initializer.AttentionInput(_dim, initialization));
        _output = new Linear(initializer.AttentionOutput(_dim, initialization));
        register_module("input_projection", _input);
        register_module("output_projection", _output);
        _norm = design.CreateNorm(BranchNorm.BeforeOutput, _dim);
        if (_norm is not null)
        {
            register_module("norm", _norm);
        }

        _headNorms = Model.HeadNorms.Of(design, _dim / _heads);
        if (_headNorms is not null)
        {
            register_module("head_norms", _headNorms);
        }
    }

    /// <summary>Q, K and V, rows <c>[0,d)</c>, <c>[d,2d)</c>, <c>[2d,3d)</c> of <c>[3d, d]</c>.</summary>
    public Linear InputProjection => _input;

    /// <summary><c>W_O [d, d]</c>, <c>b_O</c></summary>
    public Linear OutputProjection => _output;

    /// <summary>What the heads put together go through before W_O; null for nothing.</summary>
    public nn.Module<Tensor, Tensor>? OutputNorm => _norm;

    /// <summary>What queries, keys and values of each head go through; null for nothing.</summary>
    public HeadNorms? HeadNorms => _headNorms;

    /// <summary>
    /// Looks on while the attention computes: told its weights <c>[batch, heads, queries, keys]</c> before dropout, on
    /// the thread that computes. They are the pass's own: they must not be changed, and what is to outlive the call
    /// must be copied.
    /// </summary>
    public Action<Tensor>? WeightsObserver { get; set; }

    /// <summary>
    /// Self-attention of <c>x [batch, length, dim]</c>; the mask is added to the scores <c>[batch, heads, length,
    /// length]</c>.
    /// </summary>
    public Tensor ToSelf(Tensor x, Tensor? mask)
    {
        if (IsFused(x, x, mask))
        {
            return Fused(x, null, mask);
        }

        using var scope = NewDisposeScope();
        var parts = _input.forward(x).chunk(3, -1);
        return Attend(Queries(Heads(parts[0])), new KeyValues(Keys(Heads(parts[1])), Values(Heads(parts[2]))), mask)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Attention of <c>x [batch, length, dim]</c> to a sequence <c>[batch, keys, dim]</c>; the mask is added to the
    /// scores.
    /// </summary>
    public Tensor ToSequence(Tensor x, Tensor sequence, Tensor? mask)
    {
        if (IsFused(x, sequence, mask))
        {
            return Fused(x, sequence, mask);
        }

        using var scope = NewDisposeScope();
        return ToMemory(x, Project(sequence), mask).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Attention of <c>x [batch, length, dim]</c> to a memory that <see cref="Project"/> made; the mask is added to the
    /// scores.
    /// </summary>
    public Tensor ToMemory(Tensor x, KeyValues memory, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Attend(Queries(Heads(_input.Rows(x, 0, _dim))), memory, mask).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Self-attention of one new position of each hypothesis, <c>x [sources, hypotheses, dim]</c>, to what the cache
    /// holds; the cache grows by them. The mask, <c>[sources, 1, hypotheses, cached]</c>, hides the tokens of other
    /// hypotheses.
    /// </summary>
    public Tensor ToCache(Tensor x, LayerCache cache, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var parts = _input.forward(x).view(x.shape[0], x.shape[1], 3, _heads, _dim / _heads).permute(2, 0, 3, 1, 4);
        var added = parts.narrow(0, 1, 2);
        var past = cache.Append(
            _headNorms is null ? added : stack([Keys(added.select(0, 0)), Values(added.select(0, 1))])
        );
        return Attend(Queries(parts.select(0, 0)), past, mask).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of a memory <c>[batch, length, dim]</c>.</summary>
    public KeyValues Project(Tensor memory)
    {
        using var scope = NewDisposeScope();
        var parts = _input.Rows(memory, _dim, 3 * _dim).chunk(2, -1);
        return new KeyValues(
            Keys(Heads(parts[0])).MoveToOuterDisposeScope(),
            Values(Heads(parts[1])).MoveToOuterDisposeScope()
        );
    }

    /// <summary>Whether kernels compute the whole branch. They show the weights to nobody.</summary>
    internal bool IsOfKernels(Tensor x, Tensor sequence, Tensor? mask) =>
        IsFused(x, sequence, mask) && IsOneFunction(x, sequence, mask);

    /// <summary>
    /// Attention to a sequence, or to x itself, as kernels compute it in one pass; draws the dropout mask.
    /// </summary>
    internal AttentionBranchPass Pass(Tensor x, Tensor? sequence, Tensor? mask)
    {
        var attention = new AttentionCall(_heads, _scale, mask, _dropout.Next(_dropoutRate));
        return new AttentionBranchPass(_input, _output, attention, attention.Shape(x, sequence), sequence is not null);
    }

    /// <summary>Whether one kernel computes the heads. It shows its weights to nobody.</summary>
    private bool IsFused(Tensor x, Tensor sequence, Tensor? mask) =>
        WeightsObserver is null
        && _headNorms is null
        && _dropout.UsesKernels(x)
        && AttentionFunction.Serves(x, sequence, _dim / _heads, mask);

    /// <summary>Whether the projections around such heads are part of the same function.</summary>
    private bool IsOneFunction(Tensor x, Tensor sequence, Tensor? mask) =>
        _norm is null && AttentionBranchPass.Serves(x, sequence, _input, _heads, mask);

    /// <summary>Attention to a sequence, or to x itself, by kernels.</summary>
    private Tensor Fused(Tensor x, Tensor? sequence, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        if (IsOneFunction(x, sequence ?? x, mask))
        {
            var read = mask?.contiguous();
            var pass = Pass(x, sequence, read);
            return BranchFunction.Apply(x, sequence, read, pass, _dropout.Handover).MoveToOuterDisposeScope();
        }

        var attention = new AttentionCall(_heads, _scale, mask, _dropout.Next(_dropoutRate));
        var heads = sequence is null
            ? AttentionFunction.ToSelf(_input.forward(x), attention, _dropout.Handover)
            : AttentionFunction.ToMemory(
                _input.Rows(x, 0, _dim),
                _input.Rows(sequence, _dim, 3 * _dim),
                attention,
                _dropout.Handover
            );
        return Output(heads).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor queries, KeyValues memory, Tensor? mask)
    {
        var heads = IsOneOperator(queries) ? ByOneOperator(queries, memory, mask) : Explicit(queries, memory, mask);
        heads = heads.transpose(1, 2);
        return Output(heads.reshape(heads.shape[0], heads.shape[1], _dim));
    }

    /// <summary>The branch's output from its heads; normalizations compute in the weights' own type.</summary>
    private Tensor Output(Tensor heads) =>
        _output.forward(_norm is null ? heads : _norm.call(heads.to(_output.Weight.dtype)));

    /// <summary>
    /// Whether one operator of libtorch computes all, which does not tell the weights and has masks of its own: on
    /// other devices than the processor, where memory for the weights and launches count.
    /// </summary>
    private bool IsOneOperator(Tensor queries) =>
        !_dropout.UsesKernels(queries) && WeightsObserver is null && !(_dropout.Active && _dropoutRate > 0);

    private static Tensor ByOneOperator(Tensor queries, KeyValues memory, Tensor? mask) =>
        nn.functional.scaled_dot_product_attention(queries, memory.Keys, memory.Values, mask?.to(queries.dtype));

    private Tensor Explicit(Tensor queries, KeyValues memory, Tensor? mask)
    {
        var scores = matmul(queries * _queryScale, memory.Keys.transpose(-2, -1));
        if (mask is not null)
        {
            scores = scores.add_(mask.to(scores.dtype), HeldScalars.One);
        }

        var weights = scores.softmax(-1);
        WeightsObserver?.Invoke(weights);
        return matmul(_dropout.Apply(weights, _dropoutRate), memory.Values);
    }

    private Tensor Queries(Tensor heads) => _headNorms is null ? heads : Model.HeadNorms.Apply(_headNorms.Query, heads);

    private Tensor Keys(Tensor heads) => _headNorms is null ? heads : Model.HeadNorms.Apply(_headNorms.Key, heads);

    private Tensor Values(Tensor heads) => _headNorms is null ? heads : Model.HeadNorms.Apply(_headNorms.Value, heads);

    /// <summary><c>[batch, length, dim] -> [batch, heads, length, dim/heads]</c></summary>
    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, _dim / _heads).transpose(1, 2);
}
