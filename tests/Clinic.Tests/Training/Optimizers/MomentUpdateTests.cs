using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Optimizers;

public class MomentUpdateTests
{
    private static readonly MomentUpdate Constants = new(
        0.9,
        0.98,
        1e-8,
        GradientScale: 0.25,
        Decay: 0.999,
        StepSize: 0.01
    );

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData((1 << 16) - 1)]
    [InlineData((2 << 16) + 13)]
    public void The_pass_over_memory_is_the_one_by_operators(int length)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)length, CPU);
        var (values, first, second) = (randn(length, generator: random), zeros(length), zeros(length));
        var (wideValues, wideFirst, wideSecond) = (
            values.to(ScalarType.Float64),
            zeros(length, ScalarType.Float64),
            zeros(length, ScalarType.Float64)
        );
        for (var update = 0; update < 3; update++)
        {
            var gradients = randn(length, generator: random);
            Constants.Apply(values, gradients, first, second);
            Constants.Apply(wideValues, gradients.to(ScalarType.Float64), wideFirst, wideSecond);
        }

        foreach (var (narrow, wide) in new[] { (values, wideValues), (first, wideFirst), (second, wideSecond) })
        {
            var difference = ((narrow.to(ScalarType.Float64) - wide).abs() / (wide.abs() + 0.1)).max().item<double>();
            Assert.True(difference < 2e-6, $"{difference}");
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-7)]
    [InlineData(ScalarType.Float64, 1e-15)]
    public void One_update_is_the_equation(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        const double p = 0.5,
            g = -2 * 0.25,
            m = 0.1,
            v = 0.04;
        var (values, gradients) = (tensor([p], dtype: dtype), tensor([-2.0], dtype: dtype));
        var (first, second) = (tensor([m], dtype: dtype), tensor([v], dtype: dtype));
        Constants.Apply(values, gradients, first, second);
        var (newM, newV) = ((0.9 * m) + (0.1 * g), (0.98 * v) + (0.02 * g * g));
        Assert.Equal(newM, Single(first), tolerance);
        Assert.Equal(newV, Single(second), tolerance);
        Assert.Equal((p * 0.999) - (0.01 * newM / (Math.Sqrt(newV) + 1e-8)), Single(values), tolerance);
    }

    [Fact]
    public void A_step_of_zero_only_decays_the_values_and_still_moves_the_moments()
    {
        using var scope = NewDisposeScope();
        var (values, gradients, first, second) = (ones(5), ones(5), zeros(5), zeros(5));
        (Constants with { StepSize = 0 }).Apply(values, gradients, first, second);
        Assert.All(values.data<float>(), value => Assert.Equal(0.999f, value));
        Assert.All(first.data<float>(), value => Assert.True(value > 0));
    }

    private static double Single(Tensor values) => values.to(ScalarType.Float64).item<double>();
}
