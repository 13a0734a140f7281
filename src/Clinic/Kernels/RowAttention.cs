using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// <c>concat_h(softmax(q_h k_h^T) v_h)</c> of one query to keys and values that are anywhere among rows of memory: a
/// key, its value right behind it. Heads are contiguous slices of channels, and the query is scaled already.
/// </summary>
internal static unsafe class RowAttention
{
    /// <summary>Fills the context <c>[dim]</c>.</summary>
    /// <param name="query"><c>[dim]</c></param>
    /// <param name="keyValues">The first row's key.</param>
    /// <param name="stride">Numbers from one key to the next.</param>
    /// <param name="places">Which rows the query attends to, at least one.</param>
    /// <param name="dim">Channels of all heads.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="context">What is filled.</param>
    public static void Attend(
        float* query,
        float* keyValues,
        long stride,
        ReadOnlySpan<int> places,
        int dim,
        int heads,
        float* context
    )
    {
        var scores = ArrayPool<float>.Shared.Rent(places.Length);
        var headDim = dim / heads;
        fixed (float* weights = scores)
        {
            for (var channel = 0; channel < dim; channel += headDim)
            {
                for (var i = 0; i < places.Length; i++)
                {
                    weights[i] = ElementwiseRow.Dot(
                        query + channel,
                        keyValues + (places[i] * stride) + channel,
                        headDim
                    );
                }

                SoftmaxRow.Apply(weights, places.Length);
                Sum(weights, keyValues + dim + channel, places, stride, headDim, context + channel);
            }
        }

        ArrayPool<float>.Shared.Return(scores);
    }

    /// <summary><c>sum_i w_i v_i</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* weights, float* values, ReadOnlySpan<int> places, long stride, int length, float* to)
    {
        var channel = 0;
        for (; channel + 32 <= length; channel += 32)
        {
            var (lower, upper) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var i = 0; i < places.Length; i++)
            {
                var weight = Vector512.Create(weights[i]);
                var value = values + (places[i] * stride) + channel;
                lower = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value), lower);
                upper = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + 16), upper);
            }

            lower.Store(to + channel);
            upper.Store(to + channel + 16);
        }

        for (; channel < length; channel++)
        {
            var sum = 0f;
            for (var i = 0; i < places.Length; i++)
            {
                sum += weights[i] * values[(places[i] * stride) + channel];
            }

            to[channel] = sum;
        }
    }
}
