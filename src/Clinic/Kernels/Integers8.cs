using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels;

/// <summary>8-bit integers</summary>
internal readonly struct Integers8 : IIntegers<sbyte>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<short> Load(sbyte* from)
    {
        var numbers = Vector256.Load(from);
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.ConvertToVector512Int16(numbers);
        }

        var (lower, upper) = Vector256.Widen(numbers);
        return Vector512.Create(lower, upper);
    }
}
