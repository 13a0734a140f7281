using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Common;

/// <summary>
/// What measuring time needs on devices that compute while the program continues: there an operator returns when its
/// work is queued, not when it is done.
/// </summary>
internal static class DeviceClock
{
    /// <summary>
    /// Waits until a device has done all that it was given: before a clock is started, and before it is read. On the
    /// processor there is nothing to wait for.
    /// </summary>
    public static void Synchronize(Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }
}
