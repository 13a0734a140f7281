using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Common;

/// <summary>Where models live.</summary>
public enum DeviceName
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}

/// <summary>From a device's name to the device and the number of worker threads that suit it.</summary>
public static class Devices
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

    /// <summary>The device of a name as a user writes it.</summary>
    /// <exception cref="UserErrorException">The name is not known, or the device is not there.</exception>
    public static Device Parse(string name) =>
        Enum.TryParse<DeviceName>(name, ignoreCase: true, out var device) && !int.TryParse(name, out _)
            ? Open(device)
            : throw new UserErrorException($"--device {name}: this is not a device; it is cpu or cuda.");

    /// <summary>Worker threads: as many as asked for, 0 for one per core; one on a GPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than none are asked for.</exception>
    public static int Workers(Device device, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return device.type == DeviceType.CUDA ? 1
            : threads > 0 ? threads
            : Environment.ProcessorCount;
    }
}
