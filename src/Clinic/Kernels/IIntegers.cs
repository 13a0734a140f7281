using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>Whole numbers in memory that kernels multiply as 16-bit integers.</summary>
/// <typeparam name="T">How one number is stored.</typeparam>
internal interface IIntegers<T>
    where T : unmanaged
{
    /// <summary>32 numbers.</summary>
    static abstract unsafe Vector512<short> Load(T* from);
}
