using CsCheck;
using static TorchSharp.torch;
using static TransformerClinic.Residuals.Tests.ProfiledStack;

namespace TransformerClinic.Residuals.Tests;

public class AdminProfilerTests
{
    private const int Batch = 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Omegas_are_the_recursion_computed_by_hand(bool countPadding)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3, CPU);
        using var stack = new ProfiledStack();
        var x = randn(Batch, 4, Dim, dtype: ScalarType.Float64, generator: random);
        var real = tensor(new[] { true, true, true, true, true, true, false, false }, [Batch, 4]);

        var profiled = Profile(stack, x, countPadding ? null : real);

        var positions = Enumerable.Range(0, 8).Where(position => countPadding || position < 6);
        var expected = ByHand([.. positions.Select(position => x.view(8, Dim)[position].data<double>().ToArray())]);
        Assert.Equal(1, profiled[0].Omega);
        Assert.Equal(expected, profiled.Select(connection => connection.Omega), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(
            stack.Connections.Zip(expected),
            pair => Assert.All(pair.First.Omega.data<double>(), value => Assert.Equal(pair.Second, value, 1e-12))
        );
        Assert.All(
            profiled.Zip(profiled.Skip(1)),
            pair =>
                Assert.Equal(
                    pair.Second.Omega,
                    Math.Sqrt(pair.First.ShortcutVariance + pair.First.BranchVariance),
                    1e-12
                )
        );
        Assert.Equal(Enumerable.Range(1, Depth), profiled.Select(connection => connection.Index));
    }

    [Fact]
    public void Omegas_do_not_depend_on_how_the_batch_is_padded() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[1, 1000])
            .Sample(
                (left, right, seed) =>
                {
                    using var scope = NewDisposeScope();
                    using var random = new Generator((ulong)seed, CPU);
                    var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64, generator: random);
                    var real = ones(Batch, 3, dtype: ScalarType.Bool);
                    var padded = cat(
                        [
                            randn(Batch, left, Dim, dtype: ScalarType.Float64) * 5,
                            x,
                            zeros(Batch, right, Dim, dtype: ScalarType.Float64),
                        ],
                        1
                    );
                    var realOfPadded = cat(
                        [zeros(Batch, left, dtype: ScalarType.Bool), real, zeros(Batch, right, dtype: ScalarType.Bool)],
                        1
                    );
                    Assert.Equal(Omegas(x, real), Omegas(padded, realOfPadded), (a, b) => Math.Abs(a - b) < 1e-12);
                },
                iter: 20
            );

    [Fact]
    public void A_foreign_models_stacks_are_chains_of_their_own_and_say_why()
    {
        using var scope = NewDisposeScope();
        using var model = new ForeignModel(Dim, encoderBlocks: 2, decoderBlocks: 3);
        var x = randn(Batch, 3, Dim);
        var profiled = AdminProfiler.Run(model, () => model.forward(x));
        Assert.Equal(
            [
                ("encoder_blocks", 1, "encoder_blocks.0"),
                ("encoder_blocks", 2, "encoder_blocks.1"),
                ("decoder_blocks", 1, "decoder_blocks.0"),
                ("decoder_blocks", 2, "decoder_blocks.1"),
                ("decoder_blocks", 3, "decoder_blocks.2"),
            ],
            profiled.Select(connection => (connection.Chain, connection.Index, connection.Path))
        );
        Assert.Equal(2, profiled.Count(connection => connection is { Index: 1, Omega: 1 }));
        Assert.Equal(
            profiled.Select(connection => (connection.Omega, connection.Why)),
            model
                .Encoder.Concat(model.Decoder)
                .Select(connection => (connection.Setting!.Omega, connection.Setting.Why))
        );
        Assert.StartsWith(
            "sqrt(Var[x * omega] + Var[f(x)]) of the connection before: sqrt(",
            profiled[1].Why,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Connections_of_deeper_levels_are_found_once_under_their_whole_path()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            ("outer", nn.Sequential(("decoder", new ForeignModel(Dim, encoderBlocks: 1, decoderBlocks: 1))))
        );
        var places = ResidualChains.Find(model, ResidualChains.ByStack);
        Assert.Equal(
            ["outer.decoder.encoder_blocks.0", "outer.decoder.decoder_blocks.0"],
            places.Select(place => place.Path)
        );
        Assert.All(places, place => Assert.Equal("decoder", place.Chain));
    }

    [Fact]
    public void Chains_are_told_apart_as_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = new ForeignModel(Dim, encoderBlocks: 2, decoderBlocks: 3);
        var x = randn(Batch, 3, Dim);
        var profiled = AdminProfiler.Run(model, () => model.forward(x), chainOf: _ => "all");
        Assert.Equal(Enumerable.Range(1, 5), profiled.Select(connection => connection.Index));
    }

    [Fact]
    public void The_printed_formula_sums_the_branches_variances_with_every_omega_at_one()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack(printed: true);
        var x = randn(Batch, 4, Dim, dtype: ScalarType.Float64);
        var positions = x.view(-1, Dim);
        var profiled = AdminProfiler.Run(stack, () => stack.forward(x));
        var expected = ByHand(
            [.. Enumerable.Range(0, 8).Select(position => positions[position].data<double>().ToArray())],
            printed: true
        );
        Assert.Equal(0, profiled[0].Omega);
        Assert.Equal(expected, profiled.Select(connection => connection.Omega), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(
            stack.Connections.Zip(expected),
            pair => Assert.Equal(pair.Second, pair.First.Omega[0].item<double>(), 1e-12)
        );
    }

    [Fact]
    public void A_batch_without_a_counted_position_is_refused()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var failure = Assert.Throws<InvalidOperationException>(() =>
            Profile(stack, x, zeros(Batch, 3, dtype: ScalarType.Bool))
        );
        Assert.Contains("no counted position", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_admin_connections_is_refused()
    {
        using var model = nn.Linear(2, 2);
        var failure = Assert.Throws<InvalidOperationException>(() => AdminProfiler.Run(model, () => { }));
        Assert.Contains("RegisterComponents", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => AdminProfiler.Run(model, Array.Empty<ProfilingChunk>()));
    }

    [Fact]
    public void A_frozen_omega_may_only_come_first()
    {
        using var scope = NewDisposeScope();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        using var good = new ProfiledStack(frozen: 0);
        Assert.Equal(1, Profile(good, x, null)[0].Omega);
        using var bad = new ProfiledStack(frozen: 1);
        Assert.Throws<InvalidOperationException>(() => Profile(bad, x, null));
    }

    [Fact]
    public void Variances_of_parts_combine_to_that_of_the_whole_far_from_zero()
    {
        using var scope = NewDisposeScope();
        var x = randn(50, 4, Dim, dtype: ScalarType.Float64) + 1e6;
        var parts = x.split([7L, 1, 42]).Aggregate(default(Moments), (sum, part) => sum + Moments.Of(part, null));
        Assert.Equal(Plain.Variance(x.data<double>().ToArray()), parts.Variance, 1e-9);
    }

    [Fact]
    public void Omegas_stay_trainable()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        AdminProfiler.Run(stack, () => stack.forward(x));
        (stack.forward(x) * x).sum().backward();
        Assert.All(
            stack.Connections,
            connection =>
            {
                Assert.True(connection.Omega.requires_grad);
                Assert.True(connection.Omega.grad!.abs().max().item<double>() > 0);
            }
        );
    }

    [Fact]
    public void A_pass_after_profiling_changes_no_omega()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var expected = AdminProfiler.Run(stack, () => stack.forward(x)).Select(connection => connection.Omega).ToList();
        stack.forward(x * 3);
        Assert.Equal(expected, stack.Connections.Select(connection => connection.Omega[0].item<double>()));
    }

    [Fact]
    public void A_pass_that_skips_a_connection_is_refused()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        var failure = Assert.Throws<InvalidOperationException>(() =>
            AdminProfiler.Run(stack, () => stack.Connections[0].call(x, x))
        );
        Assert.Contains("only 1 of the model's 4 Admin connections", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_that_meets_a_connection_twice_is_refused_even_if_the_number_is_right()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        Assert.Throws<InvalidOperationException>(() =>
            AdminProfiler.Run(
                stack,
                () =>
                {
                    for (var i = 0; i < Depth; i++)
                    {
                        stack.Connections[0].call(x, x);
                    }
                }
            )
        );
    }

    [Fact]
    public void A_pass_that_fails_leaves_no_connection_in_profiling()
    {
        using var scope = NewDisposeScope();
        using var stack = new ProfiledStack();
        var x = randn(Batch, 3, Dim, dtype: ScalarType.Float64);
        Assert.Throws<ArithmeticException>(() => AdminProfiler.Run(stack, () => throw new ArithmeticException()));
        stack.forward(x);
        Assert.All(stack.Connections, connection => Assert.Equal(1, connection.Omega[0].item<double>()));
    }

    private static double[] Omegas(Tensor x, Tensor real)
    {
        using var stack = new ProfiledStack();
        return [.. Profile(stack, x, real).Select(connection => connection.Omega)];
    }

    /// <summary>What <see cref="ProfiledStack"/> would be profiled to, position by position in plain doubles.</summary>
    private static double[] ByHand(double[][] positions, bool printed = false)
    {
        var omegas = new double[Depth];
        var (ratio, sum) = (1.0, 0.0);
        double[] ones = [.. Enumerable.Repeat(1.0, Dim)],
            zeros = new double[Dim];
        for (var i = 0; i < Depth; i++)
        {
            omegas[i] = printed ? Math.Sqrt(sum) : ratio;
            var carried = printed ? 1 : ratio;
            var factor = i + 1;
            var branches = positions.Select(x => x.Select(value => Math.Sin(factor * value)).ToArray()).ToArray();
            var shortcuts = positions.Select(x => x.Select(value => value * carried).ToArray()).ToArray();
            sum += Plain.Variance([.. branches.SelectMany(x => x)]);
            ratio = Math.Sqrt(
                Plain.Variance([.. shortcuts.SelectMany(x => x)]) + Plain.Variance([.. branches.SelectMany(x => x)])
            );
            positions =
            [
                .. shortcuts.Zip(branches, (x, f) => Plain.LayerNorm([.. x.Zip(f, (a, b) => a + b)], ones, zeros)),
            ];
        }

        return omegas;
    }
}
