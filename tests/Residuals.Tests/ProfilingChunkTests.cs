using CsCheck;
using static TorchSharp.torch;
using static TransformerClinic.Residuals.Tests.ProfiledStack;

namespace TransformerClinic.Residuals.Tests;

/// <summary>A batch that is profiled in chunks, on several threads.</summary>
public class ProfilingChunkTests
{
    private const int Batch = 2;

    [Fact]
    public void Chunks_of_a_batch_give_the_omegas_of_the_whole_batch() =>
        Gen.Select(Gen.Int[1, 6].List[1, 5], Gen.Int[1, 1000])
            .Sample(
                (sizes, seed) =>
                {
                    using var scope = NewDisposeScope();
                    using var random = new Generator((ulong)seed, CPU);
                    using var whole = new ProfiledStack();
                    using var inChunks = new ProfiledStack();
                    var x = randn(sizes.Sum(), 4, Dim, dtype: ScalarType.Float64, generator: random) * 2;
                    var real = randn(sizes.Sum(), 4, generator: random) > 0;
                    real.select(1, 0).fill_(true);
                    var parts = x.split([.. sizes.Select(size => (long)size)]);
                    var realParts = real.split([.. sizes.Select(size => (long)size)]);

                    var expected = Profile(whole, x, real);
                    var profiled = AdminProfiler.Run(
                        inChunks,
                        [.. parts.Zip(realParts, (part, mask) => Chunk(inChunks, part, mask))]
                    );

                    Assert.Equal(
                        expected.Select(connection => connection.Omega),
                        profiled.Select(connection => connection.Omega),
                        (a, b) => Math.Abs(a - b) < 1e-12
                    );
                    Assert.Equal(
                        expected.Select(connection => connection.BranchVariance),
                        profiled.Select(connection => connection.BranchVariance),
                        (a, b) => Math.Abs(a - b) < 1e-12
                    );
                },
                iter: 20
            );

    [Fact]
    public void A_chunk_hears_when_it_resumes()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var (x, turns) = (randn(Batch, 3, Dim, dtype: ScalarType.Float64), new List<int>());
        AdminProfiler.Run(
            stack,
            [.. Enumerable.Range(0, 2).Select(i => Chunk(stack, x, null) with { Resumed = () => turns.Add(i) })]
        );
        Assert.Equal([.. Enumerable.Repeat(new[] { 0, 1 }, Depth + 1).SelectMany(turn => turn)], turns);
    }

    [Fact]
    public void A_chunk_that_fails_ends_the_profiling_with_its_failure()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        Assert.Throws<ArithmeticException>(() =>
            AdminProfiler.Run(
                stack,
                [
                    Chunk(stack, x, null),
                    new ProfilingChunk(() => throw new ArithmeticException()),
                    Chunk(stack, x, null),
                ]
            )
        );
        stack.forward(x);
    }

    [Fact]
    public void Chunks_that_go_different_ways_are_refused()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var failure = Assert.Throws<InvalidOperationException>(() =>
            AdminProfiler.Run(stack, [Chunk(stack, x, null), new ProfilingChunk(() => stack.Connections[0].call(x, x))])
        );
        Assert.Contains("different numbers of residual connections", failure.Message, StringComparison.Ordinal);
        failure = Assert.Throws<InvalidOperationException>(() =>
            AdminProfiler.Run(stack, [Chunk(stack, x, null), new ProfilingChunk(() => stack.Connections[1].call(x, x))])
        );
        Assert.Contains("out of order", failure.Message, StringComparison.Ordinal);
    }
}
