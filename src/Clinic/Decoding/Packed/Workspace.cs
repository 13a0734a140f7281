using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>Room for what is computed between two sublayers, for this many rows at once.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly List<ScratchMemory<float>> _rooms = [];
    private readonly List<nint> _kept = [];
    private nint _streamWeights;

    /// <summary>Room for a model's rows.</summary>
    public Workspace(int rows, ModelOptions options)
    {
        (Rows, Dim) = (rows, options.Dim);
        Stream = Room((long)rows * Dim);
        Input = Room((long)rows * Dim);
        Branch = Room((long)rows * Dim);
        Context = Room((long)rows * Dim);
        LayerInput = Room((long)rows * Dim);
        Sum = Room((long)rows * Dim);
        Wide = Room((long)rows * Math.Max(3 * Dim, options.FeedForwardDim));
        Mean = Room(rows);
        Deviation = Room(rows);
        Nothing = Room((long)rows * Dim);
        new Span<float>(Nothing, rows * Dim).Clear();
    }

    /// <summary>Rows there is room for.</summary>
    public int Rows { get; }

    /// <summary>Width of the residual stream.</summary>
    public int Dim { get; }

    /// <summary>The residual stream, <c>[rows, dim]</c>.</summary>
    public float* Stream { get; }

    /// <summary>A branch's input where that is not the stream itself, <c>[rows, dim]</c>.</summary>
    public float* Input { get; }

    /// <summary>A branch's output, <c>[rows, dim]</c>.</summary>
    public float* Branch { get; }

    /// <summary>What attention read, heads side by side, <c>[rows, dim]</c>.</summary>
    public float* Context { get; }

    /// <summary>The input of the layer, where a connection adds it once more, <c>[rows, dim]</c>.</summary>
    public float* LayerInput { get; }

    /// <summary>The sum of the branches, where a stack has one next to the stream, <c>[rows, dim]</c>.</summary>
    public float* Sum { get; }

    /// <summary>
    /// What is kept next to the stream, <c>[rows, dim]</c>: the output of a layer, from 1, that later layers read, or
    /// the stack's input, 0; a stream of this number. There is room for those that were asked for.
    /// </summary>
    public float* Kept(int number)
    {
        while (_kept.Count <= number)
        {
            _kept.Add((nint)Room((long)Rows * Dim));
        }

        return (float*)_kept[number];
    }

    /// <summary>The weights of streams, this many for each row.</summary>
    public float* StreamWeights(int count)
    {
        if (_streamWeights == 0)
        {
            _streamWeights = (nint)Room((long)Rows * count);
        }

        return (float*)_streamWeights;
    }

    /// <summary>Queries, keys and values <c>[rows, 3 dim]</c>, or the hidden layer <c>[rows, hidden]</c>.</summary>
    public float* Wide { get; }

    /// <summary>Mean of each row that is normalized.</summary>
    public float* Mean { get; }

    /// <summary>Reciprocal deviation of each row that is normalized.</summary>
    public float* Deviation { get; }

    /// <summary>Zeros, <c>[rows, dim]</c>.</summary>
    public float* Nothing { get; }

    /// <summary>
    /// GELU of the first numbers of <see cref="Wide"/>, by libtorch, which has the normal distribution function.
    /// </summary>
    public void GeluOfWide(long length)
    {
        using var scope = NewDisposeScope();
        var hidden = empty(length, ScalarType.Float32);
        Copy(Wide, TensorMemory.Of<float>(hidden), length);
        Copy(TensorMemory.Of<float>(nn.functional.gelu(hidden)), Wide, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _rooms.ForEach(room => room.Dispose());

    private static void Copy(float* from, float* to, long length) =>
        Buffer.MemoryCopy(from, to, length * sizeof(float), length * sizeof(float));

    private float* Room(long length)
    {
        _rooms.Add(new ScratchMemory<float>(length));
        return _rooms[^1].Start;
    }
}
