using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>Numbers in memory that kernels compute with as float32.</summary>
/// <typeparam name="T">How one number is stored.</typeparam>
internal interface INumbers<T>
    where T : unmanaged
{
    /// <summary>Sixteen numbers.</summary>
    static abstract unsafe Vector512<float> Load(T* from);

    /// <summary>Stores sixteen numbers, rounded to the nearest, ties to even.</summary>
    static abstract unsafe void Store(Vector512<float> values, T* to);
}
