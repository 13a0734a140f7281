using System.Buffers;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// Streams in place of one, by their equation (<see cref="StreamMix"/>). They are in the workspace, each of its own;
/// what a branch reads of them is the workspace's stream.
/// </summary>
internal sealed unsafe class PackedStreams
{
    private readonly StreamMix _mix;
    private readonly int _columns;
    private readonly PackedNorm _norm;
    private readonly float[] _static;
    private readonly float[] _scale;

    // W with a row for each of its columns, [n + 2, dim].
    private readonly AlignedMemory<float> _dynamic;

    private PackedStreams(StreamMix mix, double[] one)
    {
        (_mix, _columns) = (mix, mix.Count + 2);
        _norm = PackedNorm.Of(mix.Norm, one)!;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        (_static, _scale) = (Numbers(mix.Static()), Numbers(mix.ColumnScales()));
        _dynamic = WeightPacking.Vector(Numbers(mix.Dynamic().t()));
    }

    /// <summary>A connection's as its parameters are now; null where it has one stream.</summary>
    /// <param name="mix">Of the connection.</param>
    /// <param name="one">1 for each channel.</param>
    public static PackedStreams? Of(StreamMix? mix, double[] one) => mix is null ? null : new PackedStreams(mix, one);

    /// <summary>All streams, if there are any, from the stack's input.</summary>
    public static void Begin(Workspace work, int rows, int streams)
    {
        for (var s = 0; s < streams; s++)
        {
            ElementwiseRow.Copy(work.Stream, rows * work.Dim, work.Kept(s));
        }
    }

    /// <summary>The stack's output, the sum of the streams, if there are any.</summary>
    public static void Finish(Workspace work, int rows, int streams)
    {
        for (var s = 0; s < streams; s++)
        {
            if (s == 0)
            {
                ElementwiseRow.Copy(work.Kept(s), rows * work.Dim, work.Stream);
            }
            else
            {
                ElementwiseRow.Add(work.Stream, work.Kept(s), rows * work.Dim);
            }
        }
    }

    /// <summary>What the branch reads; the weights of each row stay in the workspace.</summary>
    public void Read(Workspace work, int rows)
    {
        var (size, dim) = (_mix.Count * _columns, work.Dim);
        var weights = work.StreamWeights(size);
        for (var s = 0; s < _mix.Count; s++)
        {
            _norm.Apply(work.Kept(s), work.Nothing, null, work.Input, rows, work);
            for (var row = 0; row < rows; row++)
            {
                Weigh(s, work.Input + ((long)row * dim), weights + ((long)row * size), dim);
            }
        }

        for (var row = 0; row < rows; row++)
        {
            var its = weights + ((long)row * size);
            if (_mix.IsDoublyStochastic)
            {
                Constrain(its);
            }

            Sum(work, row, its, column: 0, work.Stream + ((long)row * dim));
        }
    }

    /// <summary>The streams from themselves and the branch's output.</summary>
    public void Write(Workspace work, int rows)
    {
        var (size, dim) = (_mix.Count * _columns, work.Dim);
        var rented = ArrayPool<float>.Shared.Rent(_mix.Count * dim);
        fixed (float* mixed = rented)
        {
            for (var row = 0; row < rows; row++)
            {
                var weights = work.StreamWeights(size) + ((long)row * size);
                var at = (long)row * dim;
                for (var s = 0; s < _mix.Count; s++)
                {
                    Sum(work, row, weights, column: s + 1, mixed + (s * dim));
                    var write = weights[(s * _columns) + _mix.Count + 1];
                    ElementwiseRow.AddScaled(mixed + (s * dim), work.Branch + at, write, dim);
                }

                for (var s = 0; s < _mix.Count; s++)
                {
                    ElementwiseRow.Copy(mixed + (s * dim), dim, work.Kept(s) + at);
                }
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The sum of a row's streams by the weights of a column.</summary>
    private void Sum(Workspace work, int row, float* weights, int column, float* to)
    {
        var at = (long)row * work.Dim;
        ElementwiseRow.Scale(work.Kept(0) + at, weights[column], work.Dim, to);
        for (var s = 1; s < _mix.Count; s++)
        {
            ElementwiseRow.AddScaled(to, work.Kept(s) + at, weights[(s * _columns) + column], work.Dim);
        }
    }

    /// <summary>A row of A before its constraints, of a normalized stream.</summary>
    private void Weigh(int stream, float* normalized, float* weights, int dim)
    {
        for (var column = 0; column < _columns; column++)
        {
            var product = ElementwiseRow.Dot(normalized, _dynamic.Start + ((long)column * dim), dim);
            var at = (stream * _columns) + column;
            weights[at] = ((_mix.IsDoublyStochastic ? product : MathF.Tanh(product)) * _scale[column]) + _static[at];
        }
    }

    private void Constrain(float* weights)
    {
        for (var s = 0; s < _mix.Count; s++)
        {
            var row = weights + (s * _columns);
            (row[0], row[_columns - 1]) = (Sigmoid(row[0]), 2 * Sigmoid(row[_columns - 1]));
        }

        for (var column = 1; column <= _mix.Count; column++)
        {
            var largest = float.NegativeInfinity;
            for (var s = 0; s < _mix.Count; s++)
            {
                largest = MathF.Max(largest, weights[(s * _columns) + column]);
            }

            for (var s = 0; s < _mix.Count; s++)
            {
                weights[(s * _columns) + column] = MathF.Exp(weights[(s * _columns) + column] - largest);
            }
        }

        for (var round = 0; round < StreamMix.Rounds; round++)
        {
            for (var column = 1; column <= _mix.Count; column++)
            {
                Normalize(weights + column, _columns);
            }

            for (var s = 0; s < _mix.Count; s++)
            {
                Normalize(weights + (s * _columns) + 1, 1);
            }
        }
    }

    /// <summary>Divides n weights, this far apart, by their sum.</summary>
    private void Normalize(float* first, int step)
    {
        var sum = 0f;
        for (var i = 0; i < _mix.Count; i++)
        {
            sum += first[i * step];
        }

        sum = MathF.Max(sum, (float)StreamMix.SmallestSum);
        for (var i = 0; i < _mix.Count; i++)
        {
            first[i * step] /= sum;
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static float[] Numbers(Tensor tensor) =>
        tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
}
