using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels;

/// <summary>Products of 16-bit integers summed in pairs, exactly, whatever instructions the processor has.</summary>
internal static class PairProducts
{
    /// <summary>Element i is <c>x[2i] * y[2i] + x[2i+1] * y[2i+1]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Sum(Vector512<short> x, Vector512<short> y)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.MultiplyAddAdjacent(x, y);
        }

        return Avx2.IsSupported
            ? Vector512.Create(
                Avx2.MultiplyAddAdjacent(x.GetLower(), y.GetLower()),
                Avx2.MultiplyAddAdjacent(x.GetUpper(), y.GetUpper())
            )
            : Plain(x, y);
    }

    /// <summary>The same without instructions for it.</summary>
    public static Vector512<int> Plain(Vector512<short> x, Vector512<short> y)
    {
        var (first, second) = (x.AsInt32(), y.AsInt32());
        var even =
            Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(first, 16), 16)
            * Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(second, 16), 16);
        return even + (Vector512.ShiftRightArithmetic(first, 16) * Vector512.ShiftRightArithmetic(second, 16));
    }
}
