using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Common;

/// <summary>Where models run.</summary>
public enum DeviceName
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}

/// <summary>Turns a device's name into the device and a suitable number of worker threads.</summary>
internal static class Devices
{
    /// <summary>The device of a name.</summary>
    /// <exception cref="UserErrorException">There is no CUDA device, or libtorch was built without CUDA.</exception>
    public static Device Open(DeviceName name)
    {
        if (name == DeviceName.Cpu)
        {
            return CPU;
        }

        return cuda.is_available()
            ? CUDA
            : throw new UserErrorException(
                "device: cuda is not available here: there is no CUDA device, or the CPU build of libtorch is in "
                    + "use (docs/gpu.md says how to swap it)."
            );
    }

    /// <summary>Worker threads: as many as requested, 0 for one per core; one on a GPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The requested number is negative.</exception>
    public static int Workers(Device device, int threads) =>
        Workers(device.type == DeviceType.CUDA ? DeviceName.Cuda : DeviceName.Cpu, threads);

    /// <inheritdoc cref="Workers(Device, int)"/>
    public static int Workers(DeviceName device, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return device == DeviceName.Cuda ? 1
            : threads > 0 ? threads
            : Environment.ProcessorCount;
    }
}
