using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Tests.TestSupport;

[assembly: AssemblyFixture(typeof(OneTorchThread))]

namespace TransformerClinic.Tests.TestSupport;

/// <summary>
/// Test classes run side by side, so each operator keeps to one thread: no contention, and the same sums in every run.
/// Threads that meet libtorch later take the setting over.
/// </summary>
public sealed class OneTorchThread
{
    public OneTorchThread()
    {
        NativeRuntime.Configure();
        torch.set_num_threads(1);
    }
}
