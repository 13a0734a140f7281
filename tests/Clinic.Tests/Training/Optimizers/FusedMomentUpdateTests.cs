using TorchSharp;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Optimizers;

public class FusedMomentUpdateTests
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
    [InlineData(100)]
    [InlineData((2 << 16) + 13)]
    public void It_is_the_pass_over_memory(int length)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)length, CPU);
        using var fused = new FusedMomentUpdate();
        Tensor[] expected = [randn(length, generator: random), zeros(length), zeros(length)];
        Tensor[] found = [.. expected.Select(tensor => tensor.clone())];
        for (var update = 0; update < 3; update++)
        {
            var gradients = randn(length, generator: random);
            var before = gradients.clone();
            Constants.Apply(expected[0], gradients, expected[1], expected[2]);
            fused.Apply(Constants, found[0], gradients, found[1], found[2]);
            Assert.True(before.Equals(gradients));
        }

        foreach (var (one, other) in expected.Zip(found))
        {
            Assert.True((one - other).abs().max().item<float>() < 2e-6);
        }
    }

    [Fact]
    public void Words_that_are_ruled_out_stay_so()
    {
        using var scope = NewDisposeScope();
        using var fused = new FusedMomentUpdate();
        var values = tensor([float.NegativeInfinity, 1f]);
        fused.Apply(Constants, values, tensor([0f, 1f]), zeros(2), zeros(2));
        Assert.True(float.IsNegativeInfinity(values[0].item<float>()));
        Assert.True(float.IsFinite(values[1].item<float>()));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var scope = NewDisposeScope();
        using var fused = new FusedMomentUpdate();
        var (values, gradients, first, second) = (ones(5), ones(5), zeros(5), zeros(5));
        fused.Apply(Constants, values, gradients, first, second);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var update = 0; update < 5; update++)
        {
            fused.Apply(Constants, values, gradients, first, second);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_update_without_a_step_is_not_its()
    {
        using var scope = NewDisposeScope();
        using var fused = new FusedMomentUpdate();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            fused.Apply(Constants with { StepSize = 0 }, ones(5), ones(5), zeros(5), zeros(5))
        );
    }
}
