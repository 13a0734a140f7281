using TorchSharp;
using TransformerClinic.Common;

namespace TransformerClinic.Tests.Shared;

/// <summary>
/// Test classes run side by side, so each operator keeps to one thread: no contention, and the same sums in every run.
/// Threads that meet libtorch later take the setting over.
/// </summary>
internal sealed class OneTorchThread
{
    public OneTorchThread()
    {
        NativeRuntime.Configure();
        torch.set_num_threads(1);
    }
}
