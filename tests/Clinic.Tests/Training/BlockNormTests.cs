using TransformerClinic.Training;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

public class BlockNormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(MemoryPass.ChunkLength)]
    [InlineData((3 * MemoryPass.ChunkLength) + 5)]
    public void It_is_the_euclidean_norm_block_by_block(int length)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var values = randn(length, generator: random);
        var squares = BlockNorm.Squares(values);
        var exact = values.to(ScalarType.Float64).square();
        Assert.Equal(
            [.. exact.split(MemoryPass.ChunkLength).Select(block => block.sum().item<double>())],
            squares,
            (a, b) => Math.Abs(a - b) < 1e-12 * a
        );
        Assert.Equal(
            (float)Math.Sqrt(exact.sum().item<double>()),
            BlockNorm.Of(squares, ScalarType.Float32),
            1e-6 * Math.Sqrt(length)
        );
        Assert.Equal(BlockNorm.Of(squares, ScalarType.Float32), (float)BlockNorm.Of(squares, ScalarType.Float32));
    }

    [Fact]
    public void Shards_find_the_same_squares_as_the_whole()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var values = randn((5 * MemoryPass.ChunkLength) + 77, generator: random);
        for (var processes = 1; processes <= 8; processes++)
        {
            var shards = Shard.Of(values.numel(), processes);
            Assert.Equal(0, shards[0].Offset);
            Assert.All(
                shards.Zip(shards.Skip(1)),
                pair => Assert.Equal(pair.First.Offset + pair.First.Length, pair.Second.Offset)
            );
            Assert.Equal(values.numel(), shards.Sum(shard => shard.Length));
            Assert.Equal(BlockNorm.Squares(values), shards.SelectMany(shard => BlockNorm.Squares(shard.In(values))));
        }
    }

    [Fact]
    public void What_float32_cannot_hold_is_not_finite()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(double.PositiveInfinity, BlockNorm.Of(full(2, 3e38f)));
        Assert.Equal(double.NaN, BlockNorm.Of(full(2, float.NaN)));
    }

    [Fact]
    public void What_float64_holds_is_not_rounded()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var values = randn(1000, ScalarType.Float64, generator: random);
        Assert.Equal(values.norm().item<double>(), BlockNorm.Of(values), 1e-12);
    }
}
