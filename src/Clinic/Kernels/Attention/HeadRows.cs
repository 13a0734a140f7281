using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Attention;

/// <summary>Rows of all heads' channels in memory, sequence after sequence.</summary>
/// <param name="start">The first row's first channel.</param>
/// <param name="stride">Numbers from one row to the next.</param>
internal readonly unsafe struct HeadRows<T>(T* start, int stride)
    where T : unmanaged
{
    private const int Width = 16;

    /// <summary>Copies a head's channels of a sequence's rows: <c>[rows, length]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read<TNumbers>(int sequence, int rows, int head, int length, float* to)
        where TNumbers : struct, INumbers<T>
    {
        var from = First(sequence, rows, head, length);
        for (var row = 0; row < rows; row++, from += stride, to += length)
        {
            for (var i = 0; i < length; i += Width)
            {
                TNumbers.Load(from + i).Store(to + i);
            }
        }
    }

    /// <summary>Fills a head's channels of a sequence's rows from <c>[rows, length]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write<TNumbers>(int sequence, int rows, int head, int length, float* from)
        where TNumbers : struct, INumbers<T>
    {
        var to = First(sequence, rows, head, length);
        for (var row = 0; row < rows; row++, to += stride, from += length)
        {
            for (var i = 0; i < length; i += Width)
            {
                TNumbers.Store(Vector512.Load(from + i), to + i);
            }
        }
    }

    private T* First(int sequence, int rows, int head, int length) =>
        start + ((long)sequence * rows * stride) + ((long)head * length);
}
