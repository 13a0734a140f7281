using TorchSharp;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>
/// Whole stacks of the remedies in plain doubles: what depends on the layer, on the sublayer or on the depth.
/// </summary>
public class RemedyTests
{
    private const int Dim = 6;

    internal static readonly ResidualVariant[] Remedies =
    [
        ResidualVariant.Keel,
        ResidualVariant.B2t,
        ResidualVariant.Residual,
        ResidualVariant.LayerNormScaling,
        ResidualVariant.MixLn,
        ResidualVariant.PeriLn,
        ResidualVariant.SandwichLn,
        ResidualVariant.OutputNorm,
        ResidualVariant.LayerScale,
        ResidualVariant.SkipInit,
        ResidualVariant.TFixup,
        ResidualVariant.DepthMup,
        ResidualVariant.CompleteP,
        ResidualVariant.SpanNorm,
        ResidualVariant.SiameseNorm,
        ResidualVariant.SubLn,
        ResidualVariant.HybridNorm,
        ResidualVariant.Dlcl,
        ResidualVariant.DlclPostLn,
        ResidualVariant.HyperConnections,
        ResidualVariant.Mhc,
        ResidualVariant.HybridNormStar,
    ];

    public static TheoryData<ResidualVariant, StackRole> Stacks =>
        new MatrixTheoryData<ResidualVariant, StackRole>(Remedies, Enum.GetValues<StackRole>());

    public static TheoryData<ResidualVariant, NormKind> Norms =>
        new MatrixTheoryData<ResidualVariant, NormKind>(Remedies, Enum.GetValues<NormKind>());

    /// <summary>Five layers, so that Mix-LN has one of Post-LN and four of Pre-LN.</summary>
    [Theory]
    [MemberData(nameof(Stacks))]
    public void A_stack_is_its_equation(ResidualVariant variant, StackRole role) =>
        AssertEquation(variant, new StackShape(role, 5, 5), NormKind.LayerNorm);

    [Theory]
    [MemberData(nameof(Norms))]
    public void So_it_is_with_every_normalization(ResidualVariant variant, NormKind norm) =>
        AssertEquation(variant, StackShape.Alone(4), norm);

    [Fact]
    public void Scale_norm_begins_as_an_RMS_normalization_and_gives_0_and_its_gradient_for_0()
    {
        using var scope = NewDisposeScope();
        using var norm = new ScaleNorm(Dim, dtype: ScalarType.Float64);
        using var rms = new RmsNorm(Dim, epsilon: 0, dtype: ScalarType.Float64);
        using var random = new Generator(3, CPU);
        var x = randn(4, Dim, dtype: ScalarType.Float64, generator: random);
        AssertClose(rms.call(x).data<double>().ToArray(), norm.call(x).data<double>().ToArray());

        var nothing = zeros(Dim, dtype: ScalarType.Float64, requires_grad: true);
        var found = norm.call(nothing);
        found.sum().backward();
        Assert.All(found.data<double>(), value => Assert.Equal(0, value));
        Assert.All(nothing.grad!.data<double>(), value => Assert.Equal(Math.Sqrt(Dim) / 1e-5, value, 1e-3));
    }

    [Fact]
    public void With_alpha_1_and_no_inner_normalization_keel_is_post_ln()
    {
        var form = Connections(ResidualVariant.Keel, StackShape.Alone(2), NormKind.LayerNorm)[1].Form!;
        Assert.True((form with { Before = null, Shortcut = ResidualScale.One }).IsPostLn);
    }

    /// <summary>The axis p: points of it are connections that are known under other names.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.8612097182041991)] // (2 * 6)^(1/4), DeepNorm's alpha in a stack of its own
    [InlineData(0.5, 3.4641016151377544)] // sqrt(12), O(1)
    [InlineData(1, 12)] // Keel's
    public void On_the_axis_the_shortcut_is_n_to_the_power_of_p(double power, double expected)
    {
        var options = new AnalyticOptions { OutputChange = OutputChange.Power, Power = power };
        using var plain = new AdminAnalyticResidual(Dim, residuals: 12, options);
        using var inner = new AdminAnalyticResidual(Dim, residuals: 12, options with { InnerNorm = true });
        var keel = Connections(ResidualVariant.Keel, StackShape.Alone(6), NormKind.LayerNorm)[5];
        using var deepNorm = new DeepNormResidual(Dim, StackShape.Alone(6));

        Assert.Equal(expected, plain.ShortcutScale()[0], 1e-12);
        Assert.Equal(expected, inner.ShortcutScale()[0], 1e-12);
        Assert.Equal((true, false), (plain.Form!.Before is null, inner.Form!.Before is null));
        Assert.Equal(power == 1, keel.Form!.Shortcut.Constant == expected);
        Assert.Equal(power == 0.25, Math.Abs(deepNorm.Alpha - expected) < 1e-12);
    }

    [Fact]
    public void On_the_axis_the_inner_normalization_is_of_the_branchs_input()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = new AnalyticOptions
        {
            OutputChange = OutputChange.Power,
            Power = 1,
            InnerNorm = true,
        };
        using var connection = new AdminAnalyticResidual(Dim, residuals: 12, options, dtype: ScalarType.Float64);
        Shake([connection]);
        var x = randn(Dim, dtype: ScalarType.Float64);

        var found = connection.Connect(x, input => (input * 1.7) + 0.3);

        var stream = x.data<double>().ToArray();
        var branch = PlainRemedies.Branch(PlainRemedies.Norm(connection, "before", NormKind.LayerNorm, stream));
        AssertClose(
            PlainRemedies.Norm(connection, "norm", NormKind.LayerNorm, [.. stream.Zip(branch, (s, f) => (12 * s) + f)]),
            found.data<double>().ToArray()
        );
    }

    [Theory]
    [InlineData(18, 0.1)]
    [InlineData(19, 1e-5)]
    [InlineData(24, 1e-5)]
    [InlineData(25, 1e-6)]
    public void Lambda_starts_smaller_in_deeper_stacks(int layers, double expected)
    {
        using var connection = (Remedies.LayerScaleResidual)
            Connections(ResidualVariant.LayerScale, StackShape.Alone(layers), NormKind.LayerNorm)[0];
        Assert.All(connection.Lambda.data<float>(), value => Assert.Equal((float)expected, value));
    }

    /// <summary>N = 4, M = 6.</summary>
    [Theory]
    [InlineData(StackRole.Alone, "BeforeOutput BeforeOutput", 1.4420268866)] // sqrt(ln 8)
    [InlineData(StackRole.Encoder, "BeforeOutput BeforeOutput", 1.4154338680)] // sqrt(ln 18 ln 8 / 3)
    [InlineData(StackRole.Decoder, "BeforeOutput None BeforeOutput", 1.7001093370)] // sqrt(ln 18)
    public void Sub_LN_normalizes_inside_all_branches_but_cross_attention(StackRole role, string norms, double gain)
    {
        var connections = Connections(ResidualVariant.SubLn, new StackShape(role, 4, 6), NormKind.LayerNorm);
        var layer = connections.Take(role == StackRole.Decoder ? 3 : 2).ToList();
        Assert.Equal(norms, string.Join(' ', layer.Select(connection => connection.Form!.BranchNorm)));
        Assert.All(
            layer,
            connection =>
            {
                var found = connection.BranchInitialization;
                var isCross = connection.Form!.BranchNorm == BranchNorm.None;
                Assert.Equal(isCross ? 1 : gain, found.Gain, 1e-9);
                Assert.Equal((1, 1, true), (found.QueryKeyGain, found.OutputGain, found.SeparateProjections));
            }
        );
    }

    [Theory]
    [InlineData(ResidualVariant.HybridNorm, StackRole.Alone, "Heads None")]
    [InlineData(ResidualVariant.HybridNorm, StackRole.Encoder, "Heads None")]
    [InlineData(ResidualVariant.HybridNorm, StackRole.Decoder, "Heads Heads None")]
    [InlineData(ResidualVariant.HybridNormStar, StackRole.Decoder, "Heads Heads None")]
    public void Hybrid_norm_normalizes_the_heads_of_every_attention(
        ResidualVariant variant,
        StackRole role,
        string norms
    ) =>
        Assert.Equal(
            norms,
            string.Join(
                ' ',
                Connections(variant, new StackShape(role, 1, 1), NormKind.LayerNorm)
                    .Select(connection => connection.Form!.BranchNorm)
            )
        );

    [Theory]
    [InlineData(ResidualVariant.Dlcl)]
    [InlineData(ResidualVariant.DlclPostLn)]
    public void Before_training_a_layer_reads_the_mean_of_all_layers_before_it(ResidualVariant variant)
    {
        var connections = Connections(variant, StackShape.Alone(3), NormKind.LayerNorm);
        Assert.Equal([1f], connections[0].get_parameter("start")!.data<float>());
        for (var layer = 0; layer < 3; layer++)
        {
            Assert.Null(connections[2 * layer].get_parameter("weights"));
            var weights = connections[(2 * layer) + 1].get_parameter("weights")!.data<float>().ToArray();
            Assert.Equal(Enumerable.Repeat(1f / (layer + 2), layer + 2), weights);
        }
    }

    [Fact]
    public void A_state_that_lacks_outputs_of_layers_is_refused()
    {
        using var scope = NewDisposeScope();
        var connections = Connections(ResidualVariant.Dlcl, StackShape.Alone(3), NormKind.LayerNorm);
        var ofTheFirst = connections[0].BeginStack(randn(2, Dim));

        var refused = Assert.Throws<ArgumentException>(() => connections[3].call(ofTheFirst, randn(2, Dim)));
        Assert.Contains("the outputs of 1 layers next to the stream instead of 2", refused.Message);
        Assert.Throws<ArgumentException>(() => connections[0].call(randn(2, Dim), randn(2, Dim)));
    }

    /// <summary>Weights of six sublayers: reads, mixes, writes.</summary>
    [Fact]
    public void Before_training_a_sublayer_reads_the_stream_of_its_number_and_writes_to_all()
    {
        using var scope = NewDisposeScope();
        var connections = Connections(ResidualVariant.HyperConnections, StackShape.Alone(3), NormKind.LayerNorm);
        var h = randn(2, 4, Dim);
        foreach (var (i, connection) in connections.Index())
        {
            var mix = connection.Form!.Streams!;
            var (mixed, written) = mix.Weights(h);
            Assert.Equal(h.select(1, i % 4).data<float>(), mix.Read(h).data<float>());
            Assert.Equal(eye(4).expand(2, 4, 4).contiguous().data<float>(), mixed.contiguous().data<float>());
            Assert.All(written.contiguous().data<float>(), weight => Assert.Equal(1, weight));
        }
    }

    [Fact]
    public void Mixes_of_mHC_are_doubly_stochastic_and_reads_and_writes_positive()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var connection = Connections(ResidualVariant.Mhc, StackShape.Alone(1), NormKind.LayerNorm)[0];
        connection.to(ScalarType.Float64);
        Shake([connection]);
        using var random = new Generator(5, CPU);
        var h = randn([3, 4, Dim], dtype: ScalarType.Float64, generator: random);

        var (mix, write) = connection.Form!.Streams!.Weights(h);

        Assert.All(mix.sum(-1).data<double>(), sum => Assert.Equal(1, sum, 2e-6));
        Assert.All(mix.sum(-2).data<double>(), sum => Assert.Equal(1, sum, 2e-6));
        Assert.All(mix.contiguous().data<double>(), weight => Assert.InRange(weight, 0, 1));
        Assert.All(write.contiguous().data<double>(), weight => Assert.InRange(weight, 0, 2));
    }

    [Fact]
    public void Skip_init_starts_as_the_identity()
    {
        using var scope = NewDisposeScope();
        using var connection = Connections(ResidualVariant.SkipInit, StackShape.Alone(1), NormKind.LayerNorm)[0];
        var x = randn(4, Dim);
        Assert.Equal(x.data<float>().ToArray(), connection.Connect(x, _ => randn(4, Dim)).data<float>().ToArray());
    }

    [Fact]
    public void A_place_says_what_its_branch_is()
    {
        ResidualPlace At(StackRole role, int index, int layer) =>
            new(Dim, new StackShape(role, 4, 4), index, layer, null);

        BranchKind[] expected = [BranchKind.SelfAttention, BranchKind.CrossAttention, BranchKind.FeedForward];
        Assert.Equal(expected, Enumerable.Range(3, 3).Select(i => At(StackRole.Decoder, i, 1).Kind));
        Assert.Equal(
            [BranchKind.SelfAttention, BranchKind.FeedForward],
            Enumerable.Range(2, 2).Select(i => At(StackRole.Alone, i, 1).Kind)
        );
    }

    /// <summary>Runs a stack as a network does, and computes it again from the parameters.</summary>
    private static void AssertEquation(ResidualVariant variant, StackShape stack, NormKind norm)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var connections = Connections(variant, stack, norm);
        foreach (var connection in connections)
        {
            connection.to(ScalarType.Float64);
        }

        Shake(connections);
        using var random = new Generator(3, CPU);
        var x = randn(Dim, dtype: ScalarType.Float64, generator: random);

        var state = connections[0].BeginStack(x);
        foreach (var connection in connections)
        {
            state = connection.Connect(state, input => (input * 1.7) + 0.3);
        }

        var found = connections[^1].EndStack(state);

        AssertClose(
            PlainRemedies.Stack(variant, connections, stack, norm, x.data<double>().ToArray()),
            found.data<double>().ToArray()
        );
        connections.ForEach(connection => connection.Dispose());
    }

    private static List<ResidualConnection> Connections(ResidualVariant variant, StackShape stack, NormKind norm)
    {
        var factory = new ResidualFactory(Dim, stack, new ResidualOptions { Variant = variant, Norm = norm });
        return [.. Enumerable.Range(0, stack.Layers).SelectMany(_ => factory.NextLayer(stack.SublayersOfLayer))];
    }

    private static void Shake(IEnumerable<ResidualConnection> connections)
    {
        using var random = new Generator(11, CPU);
        foreach (var parameter in connections.SelectMany(connection => connection.parameters()))
        {
            parameter.add_(randn(parameter.shape, dtype: parameter.dtype, generator: random) * 0.3);
        }
    }

    private static void AssertClose(double[] expected, double[] found) =>
        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-10 * Math.Max(1, Math.Abs(a)));
}
