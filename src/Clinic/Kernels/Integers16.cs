using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>16-bit integers</summary>
internal readonly struct Integers16 : IIntegers<short>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<short> Load(short* from) => Vector512.Load(from);
}
