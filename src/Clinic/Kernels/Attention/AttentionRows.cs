using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Attention;

/// <summary>
/// The products of attention between a few rows each, all as sums of rows times numbers: no sum runs across the lanes
/// of a vector, and four results share every row that is loaded.
/// </summary>
internal static unsafe class AttentionRows
{
    private const int Width = 16;

    /// <summary>
    /// <c>to[i] = sum_j w[i, j] rows[j]</c>, rows of <paramref name="length"/> numbers, a multiple of 16.
    /// </summary>
    /// <param name="weights"><c>w[0, 0]</c></param>
    /// <param name="nextResult">From <c>w[i, j]</c> to <c>w[i + 1, j]</c>.</param>
    /// <param name="nextRow">From <c>w[i, j]</c> to <c>w[i, j + 1]</c>.</param>
    /// <param name="results">How many i.</param>
    /// <param name="rows">The first row; the next one follows it.</param>
    /// <param name="count">How many j.</param>
    /// <param name="length">Numbers in a row.</param>
    /// <param name="to">The first result; the next one follows it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightedSums(
        float* weights,
        int nextResult,
        int nextRow,
        int results,
        float* rows,
        int count,
        int length,
        float* to
    )
    {
        var i = 0;
        for (; i + 4 <= results; i += 4)
        {
            var w0 = weights + ((long)i * nextResult);
            var w1 = w0 + nextResult;
            var w2 = w1 + nextResult;
            var w3 = w2 + nextResult;
            var into = to + ((long)i * length);
            var at = 0;
            for (; at + (2 * Width) <= length; at += 2 * Width)
            {
                var (a0, a1, a2, a3) = (Zero, Zero, Zero, Zero);
                var (b0, b1, b2, b3) = (Zero, Zero, Zero, Zero);
                var row = rows + at;
                for (long j = 0, w = 0; j < count; j++, w += nextRow, row += length)
                {
                    var (lower, upper) = (Vector512.Load(row), Vector512.Load(row + Width));
                    var weight = Vector512.Create(w0[w]);
                    a0 = Vector512.FusedMultiplyAdd(weight, lower, a0);
                    b0 = Vector512.FusedMultiplyAdd(weight, upper, b0);
                    weight = Vector512.Create(w1[w]);
                    a1 = Vector512.FusedMultiplyAdd(weight, lower, a1);
                    b1 = Vector512.FusedMultiplyAdd(weight, upper, b1);
                    weight = Vector512.Create(w2[w]);
                    a2 = Vector512.FusedMultiplyAdd(weight, lower, a2);
                    b2 = Vector512.FusedMultiplyAdd(weight, upper, b2);
                    weight = Vector512.Create(w3[w]);
                    a3 = Vector512.FusedMultiplyAdd(weight, lower, a3);
                    b3 = Vector512.FusedMultiplyAdd(weight, upper, b3);
                }

                a0.Store(into + at);
                b0.Store(into + at + Width);
                a1.Store(into + length + at);
                b1.Store(into + length + at + Width);
                a2.Store(into + (2L * length) + at);
                b2.Store(into + (2L * length) + at + Width);
                a3.Store(into + (3L * length) + at);
                b3.Store(into + (3L * length) + at + Width);
            }

            if (at < length)
            {
                var (a0, a1, a2, a3) = (Zero, Zero, Zero, Zero);
                var row = rows + at;
                for (long j = 0, w = 0; j < count; j++, w += nextRow, row += length)
                {
                    var values = Vector512.Load(row);
                    a0 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[w]), values, a0);
                    a1 = Vector512.FusedMultiplyAdd(Vector512.Create(w1[w]), values, a1);
                    a2 = Vector512.FusedMultiplyAdd(Vector512.Create(w2[w]), values, a2);
                    a3 = Vector512.FusedMultiplyAdd(Vector512.Create(w3[w]), values, a3);
                }

                a0.Store(into + at);
                a1.Store(into + length + at);
                a2.Store(into + (2L * length) + at);
                a3.Store(into + (3L * length) + at);
            }
        }

        for (; i < results; i++)
        {
            WeightedSum(weights + ((long)i * nextResult), nextRow, rows, count, length, to + ((long)i * length));
        }
    }

    /// <summary>The columns of <c>rows [count, length]</c>, both multiples of 16, as rows.</summary>
    public static void Transpose(float* rows, int count, int length, float* to)
    {
        for (var i = 0; i < count; i += Width)
        {
            for (var c = 0; c < length; c += Width)
            {
                BlockTranspose.Copy(rows + ((long)i * length) + c, length, to + ((long)c * count) + i, count);
            }
        }
    }

    private static Vector512<float> Zero => Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightedSum(float* weights, int nextRow, float* rows, int count, int length, float* to)
    {
        for (var at = 0; at < length; at += Width)
        {
            var sum = Zero;
            var row = rows + at;
            for (long j = 0, w = 0; j < count; j++, w += nextRow, row += length)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(weights[w]), Vector512.Load(row), sum);
            }

            sum.Store(to + at);
        }
    }
}
