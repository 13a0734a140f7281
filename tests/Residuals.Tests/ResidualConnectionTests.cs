using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class ResidualConnectionTests
{
    private const int Dim = 6;

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    /// <summary>
    /// Each variant's sublayer in plain doubles, from one position's <c>x</c> and the branch <c>f(x) = 1.7 x + 0.3</c>.
    /// </summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void A_sublayer_is_its_equation(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator(7, CPU);
        using var connection = Perturbed(variant, random);
        var x = randn(2, 3, Dim, dtype: ScalarType.Float64, generator: random);

        var state = connection.BeginStack(x);
        var actual = connection.Connect(state, input => (input * 1.7) + 0.3);

        AssertKeepsShape(connection, state, actual);
        for (var position = 0; position < 6; position++)
        {
            var expected = Sublayer(variant, connection, x.view(6, Dim)[position].data<double>().ToArray());
            Assert.Equal(
                expected,
                actual.view(6, -1)[position].data<double>().ToArray(),
                (a, b) => Math.Abs(a - b) < 1e-12
            );
        }
    }

    private static double[] Sublayer(ResidualVariant variant, ResidualConnection connection, double[] x)
    {
        static double[] Branch(double[] input) => [.. input.Select(value => (value * 1.7) + 0.3)];
        double[] Sum(double[] shortcut, double[] branch, double branchScale = 1) =>
            [.. x.Select((value, i) => (value * shortcut[i]) + (branch[i] * branchScale))];
        double[] Norm(double[] values, string name = "norm") =>
            Plain.LayerNorm(values, Values(connection, $"{name}.weight"), Values(connection, $"{name}.bias"));
        double[] All(double value) => [.. Enumerable.Repeat(value, Dim)];
        double Alpha() => Values(connection, "alpha")[0];
        double[] Siamese()
        {
            var p = Norm(x, "entry");
            var f = Branch(Norm([.. p.Zip(Norm(x, "read"), (a, b) => a + b)], "before"));
            return [.. Norm([.. p.Zip(f, (a, b) => a + (b / Math.Sqrt(2)))]), .. Sum(All(1), f)];
        }

        double[] Dlcl(bool postNorm)
        {
            double[] first = [.. x.Select(value => value * Values(connection, "start")[0])];
            double[] Plus(double[] f) => [.. first.Zip(f, (a, b) => a + b)];
            var y = postNorm ? Norm(Plus(Branch(first))) : Norm(Plus(Branch(Norm(first))), "stored");
            var weights = Values(connection, "weights");
            double[] next = [.. x.Zip(y, (a, b) => (weights[0] * a) + (weights[1] * b))];
            return [.. postNorm ? Norm(next, "mixed") : next, .. x, .. y];
        }

        return variant switch
        {
            ResidualVariant.PostLn or ResidualVariant.LookLinear => Norm(Sum(All(1), Branch(x))),
            ResidualVariant.PreLn => Sum(All(1), Branch(Norm(x))),
            ResidualVariant.Admin or ResidualVariant.AdminFormula => Norm(Sum(Values(connection, "omega"), Branch(x))),

            // n = 8 connections: sqrt(9 / ln 9 - 1)
            ResidualVariant.AdminAnalytic => Norm(Sum(All(1.7595671399013928), Branch(x))),

            // N = M = 4: 0.81 (4^5)^(1/16)
            ResidualVariant.DeepNorm => Norm(Sum(All(1.249190768580432), Branch(x))),
            ResidualVariant.Rezero => Sum(All(1), Branch(x), Alpha()),
            ResidualVariant.RezeroPostLn => Norm(Sum(All(1), Branch(x), Alpha())),

            // The first connection; RemedyTests has whole stacks.
            ResidualVariant.Keel => Sum(All(1), Branch(Norm(x, "before"))),
            ResidualVariant.B2t => Norm(Sum(All(2), Branch(x))),
            ResidualVariant.Residual => [.. Norm(Sum(All(1), Branch(x))), .. Sum(All(1), Branch(x))],
            ResidualVariant.LayerNormScaling => Sum(All(1), Branch(Norm(x))),
            ResidualVariant.MixLn => Norm(Sum(All(1), Branch(x))),
            ResidualVariant.PeriLn or ResidualVariant.SandwichLn => Sum(
                All(1),
                Norm(Branch(Norm(x, "before")), "inner")
            ),
            ResidualVariant.OutputNorm => Sum(All(1), Norm(Branch(x))),
            ResidualVariant.LayerScale => Sum(
                All(1),
                [.. Branch(Norm(x)).Zip(Values(connection, "lambda"), (f, lambda) => f * lambda)]
            ),
            ResidualVariant.SkipInit => Sum(All(1), Branch(x), Alpha()),
            ResidualVariant.TFixup => Sum(All(1), Branch(x)),
            ResidualVariant.DepthMup => Sum(All(1), Branch(Norm(x)), 0.5), // N = 4
            ResidualVariant.CompleteP => Sum(All(1), Branch(Norm(x)), 0.25),
            ResidualVariant.SpanNorm => Norm(Sum(All(1), Branch(x))),
            ResidualVariant.SiameseNorm => Siamese(),
            ResidualVariant.SubLn => Sum(All(1), Branch(Norm(x))),
            ResidualVariant.HybridNorm => Sum(All(1), Branch(x)), // the last sublayer of its layer
            ResidualVariant.HyperConnections or ResidualVariant.Mhc =>
            [
                .. PlainStreams
                    .Next(
                        connection,
                        [x, x, x, x],
                        variant == ResidualVariant.Mhc,
                        stream => Norm(stream, "streams"),
                        read => Branch(Norm(read))
                    )
                    .SelectMany(stream => stream),
            ],
            ResidualVariant.HybridNormStar => Sum(All(1), Branch(Norm(x))),
            ResidualVariant.Dlcl or ResidualVariant.DlclPostLn => Dlcl(variant == ResidualVariant.DlclPostLn),
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        };
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_gradient_is_the_slope_of_the_loss(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(8, CPU);
        using var connection = Perturbed(variant, random);
        var (x, weights) = (
            new Parameter(randn(3, Dim, dtype: ScalarType.Float64, generator: random)),
            randn(3, Dim, dtype: ScalarType.Float64, generator: random)
        );
        Tensor Loss()
        {
            var state = connection.Connect(connection.BeginStack(x), input => (input * 1.3).sin());
            return (state.view(3, -1, Dim) * weights.unsqueeze(1)).sum();
        }

        Loss().backward();

        using var noGradient = no_grad();
        foreach (var (name, parameter) in connection.named_parameters().Append(("x", x)))
        {
            var (flat, gradient) = (parameter.view(-1), parameter.grad!.view(-1).data<double>().ToArray());
            for (var i = 0; i < gradient.Length; i++)
            {
                const double step = 1e-6;
                flat[i].add_(step);
                var above = Loss().item<double>();
                flat[i].sub_(2 * step);
                var below = Loss().item<double>();
                flat[i].add_(step);
                Assert.True(Math.Abs(((above - below) / (2 * step)) - gradient[i]) < 1e-7, $"{name}[{i}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void An_observer_sees_what_goes_through_and_changes_nothing(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(8, CPU);
        using var connection = Perturbed(variant, random);
        var x = connection.BeginStack(randn(3, Dim, dtype: ScalarType.Float64, generator: random));
        double[] Values(Tensor tensor) => tensor.detach().data<double>().ToArray();
        var plain = Values(connection.Connect(x, input => input.sin()));
        var seen = new List<double[]>();
        connection.Observer = (shortcut, branch, output) =>
            seen.AddRange(Values(shortcut), Values(branch), Values(output));

        var observed = Values(connection.Connect(x, input => input.sin()));

        Assert.Equal(plain, observed);
        Assert.Equal([Values(x), Values(connection.BranchInput(x).sin()), plain], seen);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_single_position_keeps_its_shape(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var connection = Create(variant);
        var x = connection.BeginStack(randn(1, Dim));
        AssertKeepsShape(connection, x, connection.call(x, connection.BranchInput(x)));
    }

    /// <summary>What a variant is before anything has trained or profiled it, on a stack of one sublayer.</summary>
    [Theory]
    [InlineData(ResidualVariant.Admin, ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.AdminFormula, ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.LookLinear, ResidualVariant.PostLn)]
    public void A_fresh_connection_reduces_to(ResidualVariant variant, ResidualVariant plain)
    {
        using var scope = NewDisposeScope();
        using var fresh = Create(variant);
        using var other = Create(plain);
        var (x, f) = (randn(4, 5, Dim), randn(4, 5, Dim));
        Assert.Equal(other.call(x, f).data<float>().ToArray(), fresh.call(x, f).data<float>().ToArray());
    }

    [Fact]
    public void Rezero_starts_as_the_identity_and_with_post_ln_as_a_normalisation()
    {
        using var scope = NewDisposeScope();
        using var rezero = Create(ResidualVariant.Rezero);
        using var withNorm = Create(ResidualVariant.RezeroPostLn);
        var (x, f) = (randn(4, 5, Dim), randn(4, 5, Dim));
        Assert.Equal(x.data<float>().ToArray(), rezero.call(x, f).data<float>().ToArray());
        Assert.Equal(
            nn.functional.layer_norm(x, [Dim]).data<float>().ToArray(),
            withNorm.call(x, f).data<float>().ToArray()
        );
    }

    [Theory]
    [InlineData(12, OutputChange.Linear)]
    [InlineData(1, OutputChange.Constant)]
    public void The_analytic_form_of_linear_growth_or_of_one_sublayer_is_post_ln(int residuals, OutputChange change)
    {
        using var scope = NewDisposeScope();
        using var analytic = new AdminAnalyticResidual(Dim, residuals, new AnalyticOptions { OutputChange = change });
        using var postLn = new PostLnResidual(Dim);
        var (x, f) = (randn(4, 5, Dim), randn(4, 5, Dim));
        Assert.Equal(postLn.call(x, f).data<float>().ToArray(), analytic.call(x, f).data<float>().ToArray());
    }

    [Fact]
    public void A_network_that_normalises_by_itself_gives_the_identity()
    {
        using var scope = NewDisposeScope();
        using var connection = new AdminResidual(Dim, norm: nn.Identity());
        var (x, f) = (randn(2, Dim), randn(2, Dim));
        Assert.Equal((x + f).data<float>().ToArray(), connection.call(x, f).data<float>().ToArray());
    }

    [Fact]
    public void Stacks_that_hand_on_sums_of_normalized_branches_end_with_one_more_normalisation() =>
        Assert.Equal(
            [
                ResidualVariant.PreLn,
                ResidualVariant.LayerNormScaling,
                ResidualVariant.MixLn,
                ResidualVariant.PeriLn,
                ResidualVariant.SandwichLn,
                ResidualVariant.OutputNorm,
                ResidualVariant.LayerScale,
                ResidualVariant.DepthMup,
                ResidualVariant.CompleteP,
                ResidualVariant.SiameseNorm,
                ResidualVariant.SubLn,
                ResidualVariant.HybridNorm,
                ResidualVariant.Dlcl,
                ResidualVariant.HyperConnections,
                ResidualVariant.Mhc,
                ResidualVariant.HybridNormStar,
            ],
            Enum.GetValues<ResidualVariant>()
                .Where(variant =>
                {
                    using var connection = Create(variant);
                    return connection.StackNeedsFinalNorm;
                })
        );

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_connection_outlives_the_dispose_scope_it_is_built_in(ResidualVariant variant)
    {
        ResidualConnection connection;
        using (NewDisposeScope())
        {
            connection = Create(variant);
        }

        using var owned = connection;
        using var scope = NewDisposeScope();
        var x = connection.BeginStack(randn(2, Dim));
        AssertKeepsShape(connection, x, connection.call(x, connection.BranchInput(x)));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_scales_that_folding_takes_away_are_those_of_the_sum(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator(9, CPU);
        if (Perturbed(variant, random) is not PostNormResidual connection)
        {
            Assert.Contains(
                variant,
                new[] { ResidualVariant.PreLn, ResidualVariant.Rezero }.Concat(RemedyTests.Remedies)
            );
            return;
        }

        var (x, f) = (randn(4, Dim, dtype: ScalarType.Float64), randn(4, Dim, dtype: ScalarType.Float64));
        var expected = connection.Norm.forward(
            (x * tensor(connection.ShortcutScale())) + (f * tensor(connection.Form!.Branch.Values(Dim)))
        );
        Assert.Equal(
            expected.data<double>().ToArray(),
            connection.call(x, f).data<double>().ToArray(),
            (a, b) => Math.Abs(a - b) < 1e-12
        );
    }

    /// <summary>Only where layers read those before them, a state gains a stream: the layer's own output.</summary>
    private static void AssertKeepsShape(ResidualConnection connection, Tensor before, Tensor after) =>
        Assert.Equal(
            [.. before.shape[..^1], before.size(-1) + (connection.Form?.History is null ? 0 : Dim)],
            after.shape
        );

    /// <summary>The first connection of the encoder of a 4+4-layer model, everything trainable.</summary>
    private static ResidualConnection Create(ResidualVariant variant) =>
        new ResidualFactory(
            Dim,
            new StackShape(StackRole.Encoder, 4, 4),
            new ResidualOptions { Variant = variant, FirstOmega = FirstOmega.Trainable }
        ).NextLayer(1)[0];

    private static ResidualConnection Perturbed(ResidualVariant variant, Generator random)
    {
        using var noGradient = no_grad();
        var connection = Create(variant);
        connection.to(ScalarType.Float64);
        foreach (var parameter in connection.parameters())
        {
            parameter.add_(randn(parameter.shape, dtype: ScalarType.Float64, generator: random) * 0.3);
        }

        return connection;
    }

    private static double[] Values(ResidualConnection connection, string parameter) =>
        connection.get_parameter(parameter)!.data<double>().ToArray();
}
