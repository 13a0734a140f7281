using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class AdminProfilingTests
{
    private const int Dim = 5;
    private const int Depth = 4;
    private const int Batch = 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Omegas_are_the_recursion_computed_by_hand(bool countPadding)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3, CPU);
        using var stack = new Stack();
        var x = randn(Batch, 4, Dim, dtype: ScalarType.Float64, generator: random);
        var real = tensor(new[] { true, true, true, true, true, true, false, false }, [Batch, 4]);

        var profiled = AdminProfiling.Run([stack.Chain(countPadding ? null : real)], () => stack.Forward(x));

        var positions = Enumerable.Range(0, 8).Where(position => countPadding || position < 6);
        var expected = ByHand([.. positions.Select(position => x.view(8, Dim)[position].data<double>().ToArray())]);
        Assert.Equal(1, profiled[0].Omega);
        Assert.Equal(expected, profiled.Select(connection => connection.Omega), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(stack.Connections.Zip(expected), pair =>
            Assert.All(pair.First.Omega.data<double>(), value => Assert.Equal(pair.Second, value, 1e-12)));
        Assert.All(profiled.Zip(profiled.Skip(1)), pair =>
            Assert.Equal(pair.Second.Omega, Math.Sqrt(pair.First.ShortcutVariance + pair.First.BranchVariance), 1e-12));
        Assert.Equal(Enumerable.Range(1, Depth), profiled.Select(connection => connection.Index));
    }

    [Fact]
    public void Omegas_do_not_depend_on_how_the_batch_is_padded() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[1, 1000]).Sample(
            (left, right, seed) =>
            {
                using var scope = NewDisposeScope();
                using var random = new Generator((ulong)seed, CPU);
                var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64, generator: random);
                var real = ones(Batch, 3, dtype: ScalarType.Bool);
                var padded = cat([randn(Batch, left, Dim, dtype: ScalarType.Float64) * 5, x, zeros(Batch, right, Dim, dtype: ScalarType.Float64)], 1);
                var realOfPadded = cat([zeros(Batch, left, dtype: ScalarType.Bool), real, zeros(Batch, right, dtype: ScalarType.Bool)], 1);
                Assert.Equal(Omegas(x, real), Omegas(padded, realOfPadded), (a, b) => Math.Abs(a - b) < 1e-12);
            },
            iter: 20);

    [Fact]
    public void Chains_are_profiled_apart()
    {
        using var scope = NewDisposeScope();
        using var first = new Stack("first");
        using var second = new Stack("second");
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var profiled = AdminProfiling.Run([first.Chain(null), second.Chain(null)], () => second.Forward(first.Forward(x)));
        Assert.Equal(["first", "second"], profiled.Select(connection => connection.Chain).Distinct());
        Assert.Equal(2, profiled.Count(connection => connection is { Index: 1, Omega: 1 }));
    }

    [Fact]
    public void Omegas_stay_trainable()
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        AdminProfiling.Run([stack.Chain(null)], () => stack.Forward(x));
        (stack.Forward(x) * x).sum().backward();
        Assert.All(stack.Connections, connection =>
        {
            Assert.True(connection.Omega.requires_grad);
            Assert.True(connection.Omega.grad!.abs().max().item<double>() > 0);
        });
    }

    [Fact]
    public void A_pass_after_profiling_changes_no_omega()
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var expected = AdminProfiling.Run([stack.Chain(null)], () => stack.Forward(x)).Select(connection => connection.Omega).ToList();
        stack.Forward(x * 3);
        Assert.Equal(expected, stack.Connections.Select(connection => connection.Omega[0].item<double>()));
    }

    [Fact]
    public void A_pass_that_skips_a_connection_is_refused()
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var failure = Assert.Throws<InvalidOperationException>(() =>
            AdminProfiling.Run([stack.Chain(null)], () => stack.Connections[0].Combine(x, x)));
        Assert.Contains("only 1 residual connections of a chain of 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_that_meets_a_connection_twice_is_refused_even_if_the_number_is_right()
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        Assert.Throws<InvalidOperationException>(() => AdminProfiling.Run([stack.Chain(null)], () =>
        {
            for (var i = 0; i < Depth; i++)
            {
                stack.Connections[0].Combine(x, x);
            }
        }));
    }

    [Fact]
    public void A_pass_that_fails_leaves_no_connection_in_profiling()
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        Assert.Throws<ArithmeticException>(() => AdminProfiling.Run([stack.Chain(null)], () => throw new ArithmeticException()));
        stack.Forward(x);
        Assert.All(stack.Connections, connection => Assert.Equal(1, connection.Omega[0].item<double>()));
    }

    private static double[] Omegas(Tensor x, Tensor real)
    {
        using var stack = new Stack();
        return [.. AdminProfiling.Run([stack.Chain(real)], () => stack.Forward(x)).Select(connection => connection.Omega)];
    }

    /// <summary>What <see cref="Stack"/> would be profiled to, position by position in plain doubles.</summary>
    private static double[] ByHand(double[][] positions)
    {
        var omegas = new double[Depth];
        var ratio = 1.0;
        double[] ones = [.. Enumerable.Repeat(1.0, Dim)], zeros = new double[Dim];
        for (var i = 0; i < Depth; i++)
        {
            omegas[i] = ratio;
            var factor = i + 1;
            var branches = positions.Select(x => x.Select(value => Math.Sin(factor * value)).ToArray()).ToArray();
            var shortcuts = positions.Select(x => x.Select(value => value * omegas[i]).ToArray()).ToArray();
            ratio = Math.Sqrt(Plain.Variance([.. shortcuts.SelectMany(x => x)]) + Plain.Variance([.. branches.SelectMany(x => x)]));
            positions = [.. shortcuts.Zip(branches, (x, f) => Plain.LayerNorm([.. x.Zip(f, (a, b) => a + b)], ones, zeros))];
        }

        return omegas;
    }

    /// <summary>Four sublayers with the branches <c>sin(x), sin(2x), sin(3x), sin(4x)</c>.</summary>
    private sealed class Stack : IDisposable
    {
        private readonly string _name;

        public Stack(string name = "stack")
        {
            _name = name;
            Connections = [.. Enumerable.Range(0, Depth).Select(_ => new AdminResidual(Dim))];
            foreach (var connection in Connections)
            {
                connection.to(ScalarType.Float64);
            }
        }

        public IReadOnlyList<AdminResidual> Connections { get; }

        public ProfilingChain Chain(Tensor? real) => new(_name, Connections, real);

        public Tensor Forward(Tensor x)
        {
            for (var i = 0; i < Depth; i++)
            {
                x = Connections[i].Combine(x, (Connections[i].BranchInput(x) * (i + 1)).sin());
            }

            return x;
        }

        public void Dispose()
        {
            foreach (var connection in Connections)
            {
                connection.Dispose();
            }
        }
    }
}
