using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Attention;

/// <summary>
/// Attention of all heads of a batch and its gradient, head by head in memory that stays in the processor's cache:
/// <c>O = (P m) V</c>, <c>P = softmax(s Q K^T + M)</c>, with a dropout mask m and an additive mask M. For the short
/// sequences of text a general library's batched products, and the copies between them, take many times as long.
/// </summary>
/// <remarks>
/// With G the gradient of O: V gets <c>(P m)^T G</c>; <c>D = m (G V^T)</c>, <c>S = s P (D - rowsum(P D))</c>; Q gets
/// <c>S K</c>, K gets <c>S^T Q</c>.
/// </remarks>
/// <param name="shape">The sizes.</param>
/// <param name="scale">s</param>
/// <param name="mask">M; its rows are as long as there are keys. Null for none.</param>
/// <param name="maskOfSequence">Numbers from one sequence's mask to the next one's; 0 if all have the same.</param>
/// <param name="maskOfQuery">Numbers from one query's row to the next one's; 0 if all have the same.</param>
/// <param name="dropout">m; null for none. Its elements are counted as those of <c>[batch, heads, queries, keys]</c>.
/// </param>
internal sealed unsafe class FusedAttention(
    AttentionShape shape,
    float scale,
    float* mask,
    long maskOfSequence,
    long maskOfQuery,
    DropoutMask? dropout
)
{
    private const int Width = 16;

    private readonly int _length = shape.HeadDim;
    private readonly int _row = shape.RowLength;
    private readonly DropoutMask _dropout = dropout ?? default;
    private readonly bool _drops = dropout is not null;

    /// <summary>Fills the output, and the weights P for the backward pass.</summary>
    /// <param name="queries">Rows of <c>[batch * queries]</c>.</param>
    /// <param name="keys">Rows of <c>[batch * keys]</c>.</param>
    /// <param name="values">Rows of <c>[batch * keys]</c>.</param>
    /// <param name="output">Rows of <c>[batch * queries]</c>.</param>
    /// <param name="weights">As many as the shape says.</param>
    public void Forward<T, TNumbers>(
        HeadRows<T> queries,
        HeadRows<T> keys,
        HeadRows<T> values,
        HeadRows<T> output,
        float* weights
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        using var work = new Room(shape, backward: false);
        for (var sequence = 0; sequence < shape.Batch; sequence++)
        {
            FillMask(sequence, work.Mask);
            for (var head = 0; head < shape.Heads; head++)
            {
                var number = (sequence * shape.Heads) + head;
                var p = weights + (number * shape.WeightsOfHead);
                queries.Read<TNumbers>(sequence, shape.Queries, head, _length, work.Queries);
                keys.Read<TNumbers>(sequence, shape.Keys, head, _length, work.Keys);
                values.Read<TNumbers>(sequence, shape.Keys, head, _length, work.Values);
                AttentionRows.Transpose(work.Keys, _row, _length, work.Columns);
                AttentionRows.WeightedSums(work.Queries, _length, 1, shape.Queries, work.Columns, _length, _row, p);
                Softmax(work.Mask, p);
                var dropped = Dropped(number, p, work.Scores);
                AttentionRows.WeightedSums(
                    dropped,
                    _row,
                    1,
                    shape.Queries,
                    work.Values,
                    shape.Keys,
                    _length,
                    work.Output
                );
                output.Write<TNumbers>(sequence, shape.Queries, head, _length, work.Output);
            }
        }
    }

    /// <summary>Fills the gradients of queries, keys and values from that of the output.</summary>
    public void Backward<T, TNumbers>(
        HeadRows<T> queries,
        HeadRows<T> keys,
        HeadRows<T> values,
        float* weights,
        HeadRows<T> gradient,
        HeadRows<T> toQueries,
        HeadRows<T> toKeys,
        HeadRows<T> toValues
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        using var work = new Room(shape, backward: true);
        for (var sequence = 0; sequence < shape.Batch; sequence++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                var number = (sequence * shape.Heads) + head;
                var p = weights + (number * shape.WeightsOfHead);
                queries.Read<TNumbers>(sequence, shape.Queries, head, _length, work.Queries);
                keys.Read<TNumbers>(sequence, shape.Keys, head, _length, work.Keys);
                values.Read<TNumbers>(sequence, shape.Keys, head, _length, work.Values);
                gradient.Read<TNumbers>(sequence, shape.Queries, head, _length, work.Output);

                var dropped = Dropped(number, p, work.Scores);
                Gather(dropped, work.Output, work.Result);
                toValues.Write<TNumbers>(sequence, shape.Keys, head, _length, work.Result);

                AttentionRows.Transpose(work.Values, _row, _length, work.Columns);
                AttentionRows.WeightedSums(
                    work.Output,
                    _length,
                    1,
                    shape.Queries,
                    work.Columns,
                    _length,
                    _row,
                    work.Scores
                );
                GoBackThroughSoftmax(number, p, work.Scores);

                AttentionRows.WeightedSums(
                    work.Scores,
                    _row,
                    1,
                    shape.Queries,
                    work.Keys,
                    shape.Keys,
                    _length,
                    work.Output
                );
                toQueries.Write<TNumbers>(sequence, shape.Queries, head, _length, work.Output);
                Gather(work.Scores, work.Queries, work.Result);
                toKeys.Write<TNumbers>(sequence, shape.Keys, head, _length, work.Result);
            }
        }
    }

    /// <summary><c>to[k] = sum_q w[q, k] rows[q]</c></summary>
    private void Gather(float* w, float* rows, float* to) =>
        AttentionRows.WeightedSums(w, 1, _row, shape.Keys, rows, shape.Queries, _length, to);

    /// <summary>From <c>Q K^T</c> to P, in place; what is behind the keys becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(float* added, float* p)
    {
        var factor = Vector512.Create(scale);
        var nextMask = maskOfQuery == 0 ? 0 : _row;
        for (var query = 0; query < shape.Queries; query++, p += _row, added += nextMask)
        {
            var greatest = Vector512.Create(float.NegativeInfinity);
            for (var i = 0; i < _row; i += Width)
            {
                var score = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), factor, Vector512.Load(added + i));
                score.Store(p + i);
                greatest = Vector512.Max(greatest, score);
            }

            var top = Vector512.Create(Greatest(greatest));
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < _row; i += Width)
            {
                var exponential = Exponential.OfNegative(Vector512.Load(p + i) - top);
                exponential.Store(p + i);
                sum += exponential;
            }

            var reciprocal = Vector512.Create(1 / Vector512.Sum(sum));
            for (var i = 0; i < _row; i += Width)
            {
                (Vector512.Load(p + i) * reciprocal).Store(p + i);
            }
        }
    }

    /// <summary>From <c>G V^T</c> to S, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GoBackThroughSoftmax(int number, float* p, float* d)
    {
        var element = (uint)((long)number * shape.Queries * shape.Keys);
        for (var query = 0; query < shape.Queries; query++, p += _row, d += _row, element += (uint)shape.Keys)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < _row; i += Width)
            {
                var gradient = Vector512.Load(d + i);
                gradient = _drops ? gradient * _dropout.At(element + (uint)i) : gradient;
                gradient.Store(d + i);
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), gradient, sum);
            }

            var mean = Vector512.Create(Vector512.Sum(sum));
            for (var i = 0; i < _row; i += Width)
            {
                (Vector512.Load(p + i) * (Vector512.Load(d + i) - mean) * scale).Store(d + i);
            }
        }
    }

    /// <summary><c>P m</c>: P itself where there is no dropout.</summary>
    private float* Dropped(int number, float* p, float* room)
    {
        if (!_drops)
        {
            return p;
        }

        var element = (uint)((long)number * shape.Queries * shape.Keys);
        for (var query = 0; query < shape.Queries; query++, element += (uint)shape.Keys)
        {
            var start = (long)query * _row;
            for (var i = 0; i < _row; i += Width)
            {
                (Vector512.Load(p + start + i) * _dropout.At(element + (uint)i)).Store(room + start + i);
            }
        }

        return room;
    }

    /// <summary>
    /// A sequence's rows of M, or one row where all queries have the same; behind the keys is minus infinity.
    /// </summary>
    private void FillMask(int sequence, float* to)
    {
        if (sequence > 0 && maskOfSequence == 0)
        {
            return;
        }

        var rows = maskOfQuery == 0 ? 1 : shape.Queries;
        for (var row = 0; row < rows; row++, to += _row)
        {
            var all = new Span<float>(to, _row);
            all.Fill(float.NegativeInfinity);
            if (mask == null)
            {
                all[..shape.Keys].Clear();
            }
            else
            {
                var from = mask + (sequence * maskOfSequence) + (row * maskOfQuery);
                new ReadOnlySpan<float>(from, shape.Keys).CopyTo(all);
            }
        }
    }

    private static float Greatest(Vector512<float> values)
    {
        var half = Vector256.Max(values.GetLower(), values.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
    }

    /// <summary>Memory for one head of one sequence.</summary>
    private readonly struct Room : IDisposable
    {
        private const int CacheLine = 64;

        public Room(AttentionShape shape, bool backward)
        {
            var (ofQueries, ofKeys) = ((long)shape.Queries * shape.HeadDim, (long)shape.RowLength * shape.HeadDim);
            var (ofColumns, ofScores) = (ofKeys, shape.WeightsOfHead);
            var all = (2 * ofQueries) + (3 * ofKeys) + (2 * ofScores) + (backward ? ofKeys : 0);
            Queries = (float*)NativeMemory.AlignedAlloc((nuint)(all * sizeof(float)), CacheLine);
            Output = Queries + ofQueries;
            Keys = Output + ofQueries;
            Values = Keys + ofKeys;
            Columns = Values + ofKeys;
            Scores = Columns + ofColumns;
            Mask = Scores + ofScores;
            Result = Mask + ofScores;
            Clear(Keys, shape);
            Clear(Values, shape);
        }

        /// <summary><c>[queries, head dim]</c></summary>
        public float* Queries { get; }

        /// <summary><c>[queries, head dim]</c></summary>
        public float* Output { get; }

        /// <summary><c>[row, head dim]</c>; zeros behind the last.</summary>
        public float* Keys { get; }

        /// <summary><c>[row, head dim]</c>; zeros behind the last.</summary>
        public float* Values { get; }

        /// <summary><c>[head dim, row]</c></summary>
        public float* Columns { get; }

        /// <summary><c>[queries, row]</c></summary>
        public float* Scores { get; }

        /// <summary><c>[queries, row]</c> or one row, in the forward pass only.</summary>
        public float* Mask { get; }

        /// <summary><c>[keys, head dim]</c>, in the backward pass only.</summary>
        public float* Result { get; }

        /// <summary>Frees the memory.</summary>
        public void Dispose() => NativeMemory.AlignedFree(Queries);

        private static void Clear(float* rows, AttentionShape shape)
        {
            var length = (shape.RowLength - shape.Keys) * shape.HeadDim;
            new Span<float>(rows + ((long)shape.Keys * shape.HeadDim), length).Clear();
        }
    }
}
