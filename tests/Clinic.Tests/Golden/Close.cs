using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

/// <summary>Compares tensors relative to the largest value expected.</summary>
internal static class Close
{
    public static void Assert(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Xunit.Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(",", actual.shape)}] instead of [{string.Join(",", expected.shape)}]");
        var (wide, got) = (expected.to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        var largest = wide.abs().max().item<double>();
        var difference = (got - wide).abs().max().item<double>();
        Xunit.Assert.True(difference <= tolerance * largest, $"{what}: differs by {difference:g3} where the largest value is {largest:g3}");
    }
}
