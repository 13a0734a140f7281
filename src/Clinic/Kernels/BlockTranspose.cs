using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels;

/// <summary>Transposes of 16 x 16 numbers.</summary>
internal static unsafe class BlockTranspose
{
    private const int Side = 16;

    /// <summary><c>to[j, i] = from[i, j]</c></summary>
    /// <param name="from">The first number.</param>
    /// <param name="row">Numbers from one row to the next.</param>
    /// <param name="to">The first number of the transpose.</param>
    /// <param name="toRow">Numbers from one of its rows to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* from, int row, float* to, int toRow)
    {
        if (!Avx.IsSupported)
        {
            for (var i = 0; i < Side; i++)
            {
                for (var j = 0; j < Side; j++)
                {
                    to[((long)j * toRow) + i] = from[((long)i * row) + j];
                }
            }

            return;
        }

        Eight(from, row, to, toRow);
        Eight(from + 8, row, to + (8L * toRow), toRow);
        Eight(from + (8L * row), row, to + 8, toRow);
        Eight(from + (8L * row) + 8, row, to + (8L * toRow) + 8, toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(float* from, int row, float* to, int toRow)
    {
        var (a0, a1) = (Vector256.Load(from), Vector256.Load(from + row));
        var (a2, a3) = (Vector256.Load(from + (2L * row)), Vector256.Load(from + (3L * row)));
        var (a4, a5) = (Vector256.Load(from + (4L * row)), Vector256.Load(from + (5L * row)));
        var (a6, a7) = (Vector256.Load(from + (6L * row)), Vector256.Load(from + (7L * row)));
        var (b0, b1) = (Avx.UnpackLow(a0, a1), Avx.UnpackHigh(a0, a1));
        var (b2, b3) = (Avx.UnpackLow(a2, a3), Avx.UnpackHigh(a2, a3));
        var (b4, b5) = (Avx.UnpackLow(a4, a5), Avx.UnpackHigh(a4, a5));
        var (b6, b7) = (Avx.UnpackLow(a6, a7), Avx.UnpackHigh(a6, a7));
        var (c0, c1) = (Avx.Shuffle(b0, b2, 0x44), Avx.Shuffle(b0, b2, 0xEE));
        var (c2, c3) = (Avx.Shuffle(b1, b3, 0x44), Avx.Shuffle(b1, b3, 0xEE));
        var (c4, c5) = (Avx.Shuffle(b4, b6, 0x44), Avx.Shuffle(b4, b6, 0xEE));
        var (c6, c7) = (Avx.Shuffle(b5, b7, 0x44), Avx.Shuffle(b5, b7, 0xEE));
        Avx.Permute2x128(c0, c4, 0x20).Store(to);
        Avx.Permute2x128(c1, c5, 0x20).Store(to + toRow);
        Avx.Permute2x128(c2, c6, 0x20).Store(to + (2L * toRow));
        Avx.Permute2x128(c3, c7, 0x20).Store(to + (3L * toRow));
        Avx.Permute2x128(c0, c4, 0x31).Store(to + (4L * toRow));
        Avx.Permute2x128(c1, c5, 0x31).Store(to + (5L * toRow));
        Avx.Permute2x128(c2, c6, 0x31).Store(to + (6L * toRow));
        Avx.Permute2x128(c3, c7, 0x31).Store(to + (7L * toRow));
    }
}
