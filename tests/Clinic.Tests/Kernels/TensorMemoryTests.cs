using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Kernels;

public class TensorMemoryTests
{
    [Fact]
    public unsafe void The_library_below_tells_the_address_that_TorchSharp_tells_on_the_processor()
    {
        using var scope = NewDisposeScope();
        var whole = arange(10, dtype: ScalarType.Float32);
        var part = whole.narrow(0, 3, 4);
        Assert.Equal((nint)TensorMemory.Of<float>(whole), TensorMemory.OnDevice(whole));
        Assert.Equal((nint)TensorMemory.Of<float>(part), TensorMemory.OnDevice(part));
        Assert.Equal(TensorMemory.OnDevice(part), TensorMemory.Address(part));
        Assert.Equal(3, *(float*)TensorMemory.OnDevice(part));
    }
}
