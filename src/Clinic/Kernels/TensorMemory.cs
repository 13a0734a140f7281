using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// Addresses of tensors in the processor's memory, and of those of devices in theirs. libtorch's memory does not move,
/// so they hold for as long as the tensor lives.
/// </summary>
internal static unsafe partial class TensorMemory
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

    /// <summary>
    /// The first element of a contiguous tensor in the memory of its device, which only that device can read.
    /// </summary>
    public static nint Address(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU ? (nint)Of<byte>(tensor) : OnDevice(tensor);

    /// <summary>The same, asked of the library below TorchSharp, which itself refuses to tell it.</summary>
    internal static nint OnDevice(Tensor tensor)
    {
        var address = Data(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
