using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

public class MovingAverageTests
{
    [Theory]
    [InlineData(1, 0.9)]
    [InlineData(7, 0.99)]
    [InlineData(100, 0.5)]
    [InlineData((1 << 16) + 13, 0.95)]
    public void It_is_the_equation_in_memory_and_by_operators(int length, double decay)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)length, CPU);
        var (weights, wide) = (zeros(length), zeros(length, ScalarType.Float64));
        using var average = new MovingAverage(weights, decay);
        using var wideAverage = new MovingAverage(wide, decay);
        var expected = new double[length];
        for (var n = 0; n < 40; n++)
        {
            weights.copy_(randn(length, generator: random));
            wide.copy_(weights);
            average.Follow(n);
            wideAverage.Follow(n);
            var d = Math.Min(decay, n / (n + 9.0));
            var p = wide.data<double>().ToArray();
            for (var i = 0; i < length; i++)
            {
                expected[i] = (d * expected[i]) + ((1 - d) * p[i]);
            }
        }

        Assert.All(
            expected.Zip(wideAverage.Values.data<double>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-12)
        );
        Assert.All(
            expected.Zip(average.Values.data<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 2e-6)
        );
    }

    [Fact]
    public void It_stands_in_for_the_weights_and_they_come_back_to_the_bit_whatever_happens()
    {
        using var scope = NewDisposeScope();
        var weights = randn(1000);
        using var average = new MovingAverage(weights, 0.9);
        weights.copy_(randn(1000));
        average.Follow(5);
        var (before, mean) = (weights.clone(), average.Values.clone());

        Assert.Equal(mean.sum().item<float>(), average.InPlaceOfWeights(() => weights.sum().item<float>()));
        Assert.Throws<InvalidOperationException>(() =>
            average.InPlaceOfWeights<int>(() => throw new InvalidOperationException())
        );

        Assert.Equal(Bytes(before), Bytes(weights));
        Assert.Equal(Bytes(mean), Bytes(average.Values));
        Assert.NotEqual(Bytes(mean), Bytes(weights));
    }

    private static byte[] Bytes(Tensor tensor) => tensor.bytes.ToArray();
}
