using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// Addresses of tensors in the processor's memory. libtorch's memory does not move, so they hold for as long as the
/// tensor lives.
/// </summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first element of a contiguous tensor; null for none.</summary>
    public static T* Of<T>(Tensor? tensor)
        where T : unmanaged
    {
        if (tensor is null)
        {
            return null;
        }

        fixed (byte* start = tensor.bytes)
        {
            return (T*)start;
        }
    }
}
