using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Optimizers;

public class SgdUpdateTests
{
    private static readonly SgdUpdate Constants = new(
        Momentum: 0.9,
        WeightDecay: 0.01,
        GradientScale: 0.25,
        LearningRate: 0.1
    );

    [Theory]
    [InlineData(1, true)]
    [InlineData(7, false)]
    [InlineData(100, true)]
    [InlineData((1 << 16) - 1, false)]
    [InlineData((2 << 16) + 13, true)]
    public void The_pass_over_memory_is_the_one_by_operators(int length, bool remembers)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)length, CPU);
        var (values, momentum) = (randn(length, generator: random), remembers ? zeros(length) : null);
        var (wideValues, wideMomentum) = (values.to(ScalarType.Float64), momentum?.to(ScalarType.Float64));
        for (var update = 0; update < 3; update++)
        {
            var gradients = randn(length, generator: random);
            Constants.Apply(values, gradients, momentum);
            Constants.Apply(wideValues, gradients.to(ScalarType.Float64), wideMomentum);
        }

        AssertNear(wideValues, values);
        if (remembers)
        {
            AssertNear(wideMomentum!, momentum!);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-7)]
    [InlineData(ScalarType.Float64, 1e-15)]
    public void One_update_is_the_equation(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        const double p = 0.5,
            b = 0.3,
            g = (-2 * 0.25) + (0.01 * p);
        var (values, gradients, momentum) = (
            tensor([p], dtype: dtype),
            tensor([-2.0], dtype: dtype),
            tensor([b], dtype: dtype)
        );

        Constants.Apply(values, gradients, momentum);

        Assert.Equal((0.9 * b) + g, Single(momentum), tolerance);
        Assert.Equal(p - (0.1 * ((0.9 * b) + g)), Single(values), tolerance);
        Assert.Equal(-2, Single(gradients));
    }

    private static void AssertNear(Tensor wide, Tensor narrow)
    {
        var difference = ((narrow.to(ScalarType.Float64) - wide).abs() / (wide.abs() + 0.1)).max().item<double>();
        Assert.True(difference < 2e-6, $"{difference}");
    }

    private static double Single(Tensor values) => values.to(ScalarType.Float64).item<double>();
}
