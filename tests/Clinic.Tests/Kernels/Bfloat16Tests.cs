using CsCheck;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Kernels;

public class Bfloat16Tests
{
    [Fact]
    public void Numbers_are_rounded_as_libtorch_rounds_them() =>
        Gen.Float.Array[16].Sample(values => Assert.Equal(ByLibtorch(values), RoundTrip(values)));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(1.00390625f)] // half-way between two, and the lower one is even
    [InlineData(-0f)]
    public void So_are_the_ones_at_the_edges(float value)
    {
        float[] values = [.. Enumerable.Repeat(value, 16)];
        Assert.Equal(ByLibtorch(values), RoundTrip(values));
    }

    private static float[] ByLibtorch(float[] values)
    {
        using var scope = NewDisposeScope();
        return tensor(values).to(ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray();
    }

    private static unsafe float[] RoundTrip(float[] values)
    {
        var stored = stackalloc ushort[16];
        var loaded = new float[16];
        fixed (float* from = values)
        fixed (float* to = loaded)
        {
            Bfloat16.Store(Float32.Load(from), stored);
            Float32.Store(Bfloat16.Load(stored), to);
        }

        return loaded;
    }
}
