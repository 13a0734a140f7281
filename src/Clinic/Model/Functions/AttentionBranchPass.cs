using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Attention;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// An attention branch in one pass: the projections of queries, keys and values, <see cref="FusedAttention"/>, and the
/// output projection. Kept are queries, keys and values, what the heads found, and the attention weights.
/// </summary>
/// <param name="input">Projects to queries, keys and values.</param>
/// <param name="output">Projects what the heads found.</param>
/// <param name="attention">Heads, scale, mask and dropout. The mask must live until the backward pass ends.</param>
/// <param name="shape">The sizes.</param>
/// <param name="readsMemory">Whether keys and values are those of the encoder's output, and not of x itself.</param>
internal sealed unsafe class AttentionBranchPass(
    Linear input,
    Linear output,
    AttentionCall attention,
    AttentionShape shape,
    bool readsMemory
) : IBranchPass
{
    private readonly LinearRows _input = input.Kernel;
    private readonly LinearRows _output = output.Kernel;
    private readonly FusedAttention _attention = attention.Kernel(shape);
    private readonly int _dim = shape.Dim;
    private readonly int _queries = shape.Batch * shape.Queries;
    private readonly int _keys = shape.Batch * shape.Keys;

    /// <inheritdoc/>
    public long Kept => Weights + shape.Weights;

    /// <inheritdoc/>
    public long Work => Weights;

    /// <inheritdoc/>
    public bool ReadsMemory => readsMemory;

    /// <inheritdoc/>
    public Tensor[] Parameters => [input.Weight, input.Bias, output.Weight, output.Bias];

    // Where it is in one piece of memory: queries, keys and values side by side, or, with keys and values of something
    // else, all queries before them; then what the heads found, and the weights.
    private long Keys => (long)_queries * _dim;

    private long Heads => readsMemory ? Keys + (2L * _keys * _dim) : 3 * Keys;

    private long Weights => Heads + ((long)_queries * _dim);

    /// <summary>
    /// Whether it can compute a branch and is faster: what <see cref="FusedAttention"/> can, in float32.
    /// </summary>
    /// <param name="x">What asks, <c>[batch, queries, dim]</c>.</param>
    /// <param name="sequence">What is asked, <c>[batch, keys, dim]</c>.</param>
    /// <param name="input">Projects to queries, keys and values.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="mask">What is added to the scores; null for nothing.</param>
    public static bool Serves(Tensor x, Tensor sequence, Linear input, int heads, Tensor? mask)
    {
        var dim = input.Inputs;
        return input.ComputeType is null
            && x.dtype == ScalarType.Float32
            && input.Weight.dtype == ScalarType.Float32
            && MatrixProduct.IsFaster(Math.Max(x.numel(), sequence.numel()) / dim, dim, input.Outputs)
            && AttentionFunction.Serves(x, sequence, dim / heads, mask);
    }

    /// <inheritdoc/>
    public void Forward(float* x, float* memory, float* kept, float* y)
    {
        if (readsMemory)
        {
            _input.Part(0, _dim).Forward(x, _queries, kept);
            _input.Part(_dim, 3 * _dim).Forward(memory, _keys, kept + Keys);
        }
        else
        {
            _input.Forward(x, _queries, kept);
        }

        var (q, k, v) = Rows(kept);
        _attention.Forward<float, Float32>(q, k, v, new HeadRows<float>(kept + Heads, _dim), kept + Weights);
        _output.Forward(kept + Heads, _queries, y);
    }

    /// <inheritdoc/>
    public ParameterGradient[] Backward(
        float* x,
        float* memory,
        float* kept,
        float* gradient,
        float* work,
        float* toX,
        float* toMemory,
        bool adds
    )
    {
        var (toWeight, toBias) = (new ParameterGradient(input.Weight), new ParameterGradient(input.Bias));
        var (toOutWeight, toOutBias) = (new ParameterGradient(output.Weight), new ParameterGradient(output.Bias));
        _output.ToParameters(kept + Heads, gradient, _queries, toOutWeight.Start, toOutBias.Start, adds);
        _output.ToInput(gradient, _queries, work + Heads);
        var (q, k, v) = Rows(kept);
        var (toQ, toK, toV) = Rows(work);
        var heads = new HeadRows<float>(work + Heads, _dim);
        _attention.Backward<float, Float32>(q, k, v, kept + Weights, heads, toQ, toK, toV);
        GoBackThroughProjections(x, memory, work, toWeight.Start, toBias.Start, toX, toMemory, adds);
        return [toWeight, toBias, toOutWeight, toOutBias];
    }

    private void GoBackThroughProjections(
        float* x,
        float* memory,
        float* gradient,
        float* toWeight,
        float* toBias,
        float* toX,
        float* toMemory,
        bool adds
    )
    {
        var ofQueries = readsMemory ? _input.Part(0, _dim) : _input;
        ofQueries.ToParameters(x, gradient, _queries, toWeight, toBias, adds);
        ofQueries.ToInput(gradient, _queries, toX);
        if (readsMemory)
        {
            var ofKeys = _input.Part(_dim, 3 * _dim);
            ofKeys.ToParameters(memory, gradient + Keys, _keys, toWeight + ((long)_dim * _dim), toBias + _dim, adds);
            ofKeys.ToInput(gradient + Keys, _keys, toMemory);
        }
    }

    /// <summary>The rows of queries, keys and values.</summary>
    private (HeadRows<float> Queries, HeadRows<float> Keys, HeadRows<float> Values) Rows(float* start)
    {
        var keys = start + (readsMemory ? Keys : _dim);
        var (ofQueries, ofKeys) = readsMemory ? (_dim, 2 * _dim) : (3 * _dim, 3 * _dim);
        return (new(start, ofQueries), new(keys, ofKeys), new(keys + _dim, ofKeys));
    }
}
