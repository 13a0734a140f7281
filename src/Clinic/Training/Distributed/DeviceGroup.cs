using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Training.Distributed;

/// <summary>Gives each of several processes a CUDA device.</summary>
internal static class DeviceGroup
{
    private const string Installed = "/proc/driver/nvidia/gpus";

    /// <summary>
    /// The group whose floats are in the memory of a device. In a group of one, and on the processor, it is the group
    /// itself. To be called before libtorch is asked for devices, because it decides which of them this process sees.
    /// </summary>
    /// <param name="group">The processes; not owned.</param>
    /// <param name="device">Where they compute.</param>
    /// <param name="patience">How long processes wait for each other.</param>
    /// <exception cref="UserErrorException">
    /// A library is missing, or a process has no device; all processes learn of it.
    /// </exception>
    /// <exception cref="ProcessGroupException">NCCL fails.</exception>
    public static ProcessGroup Of(ProcessGroup group, DeviceName device, TimeSpan patience)
    {
        if (group.Count == 1 || device == DeviceName.Cpu)
        {
            return group;
        }

        var share = DeviceShare.Of(group, Environment.GetEnvironmentVariable, own => Strangers.Tell(group, own));
        var nccl = Agreement.Of(
            group,
            () =>
            {
                if (share.Choice(InstalledDevices()) is { } visible)
                {
                    NativeRuntime.SetVariable(DeviceShare.Variable, visible);
                }

                _ = Devices.Open(device);
                return NcclLibrary.Load();
            }
        );
        return NcclGroup.Enter(group, nccl, patience);
    }

    private static int? InstalledDevices() =>
        Directory.Exists(Installed) ? Directory.GetDirectories(Installed).Length : null;
}
