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
    private const float Epsilon = (float)StreamMix.Epsilon;

    private readonly StreamMix _mix;
    private readonly int _columns;
    private readonly PackedNorm _norm;
    private readonly float[] _static;
    private readonly float[] _scale;

    // W with a row for each of its columns: [n + 2, dim], or [n (n + 2), n dim] where weights depend on all streams.
    private readonly AlignedMemory<float> _dynamic;

    private PackedStreams(StreamMix mix, double[] one)
    {
        (_mix, _columns) = (mix, mix.Count + 2);
        _norm = PackedNorm.Of(
            mix.Norm,
            mix.IsDoublyStochastic ? [.. Enumerable.Repeat(one, mix.Count).SelectMany(each => each)] : one
        )!;
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
        if (_mix.IsDoublyStochastic)
        {
            WeighAll(work, weights, rows);
        }
        else
        {
            WeighEach(work, weights, rows);
        }

        for (var row = 0; row < rows; row++)
        {
            Sum(work, row, weights + ((long)row * size), column: 0, work.Stream + ((long)row * dim));
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

    /// <summary>A of each row, a stream's weights from the stream.</summary>
    private void WeighEach(Workspace work, float* weights, int rows)
    {
        var dim = work.Dim;
        for (var s = 0; s < _mix.Count; s++)
        {
            _norm.Apply(work.Kept(s), work.Nothing, null, work.Input, rows, work);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < _columns; column++)
                {
                    var product = Product(work.Input + ((long)row * dim), column, dim);
                    var at = (s * _columns) + column;
                    weights[((long)row * _mix.Count * _columns) + at] =
                        (MathF.Tanh(product) * _scale[column]) + _static[at];
                }
            }
        }
    }

    /// <summary>A of each row from all of its streams, constrained.</summary>
    private void WeighAll(Workspace work, float* weights, int rows)
    {
        var (size, dim) = (_mix.Count * _columns, work.Dim);
        var rented = ArrayPool<float>.Shared.Rent(_mix.Count * dim);
        fixed (float* all = rented)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var s = 0; s < _mix.Count; s++)
                {
                    ElementwiseRow.Copy(work.Kept(s) + ((long)row * dim), dim, all + (s * dim));
                }

                _norm.Apply(all, 1);
                var its = weights + ((long)row * size);
                for (var at = 0; at < size; at++)
                {
                    its[at] = (Product(all, at, _mix.Count * dim) * _scale[at % _columns]) + _static[at];
                }

                Constrain(its);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>A normalized row times a column of W.</summary>
    private float Product(float* normalized, int column, int length) =>
        ElementwiseRow.Dot(normalized, _dynamic.Start + ((long)column * length), length);

    private void Constrain(float* weights)
    {
        for (var s = 0; s < _mix.Count; s++)
        {
            var row = weights + (s * _columns);
            (row[0], row[_columns - 1]) = (Sigmoid(row[0]) + Epsilon, 2 * Sigmoid(row[_columns - 1]));
            SoftmaxRow.Apply(row + 1, _mix.Count);
            for (var column = 1; column <= _mix.Count; column++)
            {
                row[column] += Epsilon;
            }
        }

        DivideColumns(weights);
        for (var round = 1; round < StreamMix.Rounds; round++)
        {
            for (var s = 0; s < _mix.Count; s++)
            {
                Divide(weights + (s * _columns) + 1, 1);
            }

            DivideColumns(weights);
        }
    }

    private void DivideColumns(float* weights)
    {
        for (var column = 1; column <= _mix.Count; column++)
        {
            Divide(weights + column, _columns);
        }
    }

    /// <summary>Divides n weights, this far apart, by their sum.</summary>
    private void Divide(float* first, int step)
    {
        var sum = 0f;
        for (var i = 0; i < _mix.Count; i++)
        {
            sum += first[i * step];
        }

        for (var i = 0; i < _mix.Count; i++)
        {
            first[i * step] /= sum + Epsilon;
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static float[] Numbers(Tensor tensor) =>
        tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
}
