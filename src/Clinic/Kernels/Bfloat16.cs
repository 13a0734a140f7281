using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels;

/// <summary>bfloat16: the upper half of a float32.</summary>
internal readonly struct Bfloat16 : INumbers<ushort>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Load(ushort* from) =>
        Vector512.ShiftLeft(Widen(Vector256.Load(from)), 16).AsSingle();

    /// <inheritdoc/>
    /// <remarks>
    /// What is not a number stays so: adding the half that is rounded off could carry it into another number's bits.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(Vector512<float> values, ushort* to)
    {
        var bits = values.AsUInt32();
        var odd = Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(1u);
        var rounded = Vector512.ShiftRightLogical(bits + odd + Vector512.Create(0x7FFFu), 16);
        var isNumber = Vector512.Equals(values, values).AsUInt32();
        var kept = Vector512.ConditionalSelect(isNumber, rounded, Vector512.Create(0x7FC0u));
        Vector256.Narrow(kept.GetLower(), kept.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Widen(Vector256<ushort> numbers)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512UInt32(numbers);
        }

        var (lower, upper) = Vector256.Widen(numbers);
        return Vector512.Create(lower, upper);
    }
}
