using TorchSharp;

namespace TransformerClinic.Residuals.Tests;

public class LoadTests
{
    [Fact]
    public void The_native_library_loads_on_this_system() => Assert.Equal(4f, torch.ones(2, 2).sum().item<float>());
}
