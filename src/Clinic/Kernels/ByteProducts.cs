using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels;

/// <summary>
/// Products of 8-bit integers, one side without a sign, summed four by four, exactly, whatever instructions the
/// processor has.
/// </summary>
internal static class ByteProducts
{
    /// <summary>
    /// Whether the processor has an instruction for it (AVX-VNNI); without one <see cref="PairProducts"/> are faster.
    /// </summary>
    public static bool IsFast => AvxVnni.IsSupported;

    /// <summary>Element i is <c>sums[i] + sum_j x[4i+j] * y[4i+j]</c>, j from 0 to 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> x, Vector256<sbyte> y) =>
        AvxVnni.IsSupported ? AvxVnni.MultiplyWideningAndAdd(sums, x, y) : Plain(sums, x, y);

    /// <summary>The same without instructions for it.</summary>
    public static Vector256<int> Plain(Vector256<int> sums, Vector256<byte> x, Vector256<sbyte> y)
    {
        var (unsigned, signed) = (x.AsInt32(), y.AsInt32());
        for (var shift = 0; shift < 32; shift += 8)
        {
            var first = Vector256.ShiftRightLogical(unsigned, shift) & Vector256.Create(0xFF);
            sums += first * Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(signed, 24 - shift), 24);
        }

        return sums;
    }
}
