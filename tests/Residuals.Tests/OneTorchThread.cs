using TorchSharp;
using TransformerClinic.Residuals.Tests;

[assembly: AssemblyFixture(typeof(OneTorchThread))]

namespace TransformerClinic.Residuals.Tests;

/// <summary>Test classes run side by side, so each operator keeps to one thread.</summary>
public sealed class OneTorchThread
{
    public OneTorchThread() => torch.set_num_threads(1);
}
