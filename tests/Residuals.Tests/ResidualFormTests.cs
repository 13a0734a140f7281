using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class ResidualFormTests
{
    private const int Dim = 6;

    /// <summary>Every part of the equation at once, or left out, in plain doubles.</summary>
    [Theory]
    [InlineData(true, true, true, "vector", "vector")]
    [InlineData(true, false, false, "one", "vector")]
    [InlineData(false, true, false, "vector", "one")]
    [InlineData(false, false, true, "constant", "constant")]
    [InlineData(true, true, false, "one", "constant")]
    [InlineData(false, true, true, "one", "one")]
    [InlineData(false, false, false, "constant", "one")]
    public void A_connection_computes_its_equation(bool before, bool inner, bool after, string shortcut, string branch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator(5, CPU);
        using var connection = new Formed(before, inner, after, shortcut, branch, random);
        var x = randn(3, Dim, dtype: ScalarType.Float64, generator: random);

        var found = connection.Connect(x, input => (input * 1.7).add(0.3));

        double[] Values(string name) => connection.get_parameter(name)!.data<double>().ToArray();
        double[] Scale(string kind, string name, double constant) =>
            kind switch
            {
                "one" => [.. Enumerable.Repeat(1.0, Dim)],
                "constant" => [.. Enumerable.Repeat(constant, Dim)],
                _ => Values(name),
            };
        double[] Norm(bool there, string name, double factor, double[] values) =>
            there
                ?
                [
                    .. Plain
                        .LayerNorm(values, Values(name + ".weight"), Values(name + ".bias"))
                        .Select(value => value * factor),
                ]
                : values;
        var (s, b) = (Scale(shortcut, "s", 1.25), Scale(branch, "b", -0.5));
        for (var row = 0; row < 3; row++)
        {
            var input = x[row].data<double>().ToArray();
            var read = Norm(before, "before", 0.5, input);
            var wrote = Norm(inner, "inner", 2, [.. read.Select(value => (value * 1.7) + 0.3)]);
            var sum = input.Select((value, i) => (value * s[i]) + (wrote[i] * b[i])).ToArray();
            Assert.Equal(
                Norm(after, "after", 3, sum),
                found[row].data<double>().ToArray(),
                (a, other) => Math.Abs(a - other) < 1e-12
            );
        }
    }

    /// <summary>What has to be known of each variant, beside its equation.</summary>
    [Theory]
    [InlineData(ResidualVariant.PostLn, "post-ln plain")]
    [InlineData(ResidualVariant.PreLn, "hands-on")]
    [InlineData(ResidualVariant.Admin, "omega profiled")]
    [InlineData(ResidualVariant.AdminFormula, "omega profiled")]
    [InlineData(ResidualVariant.AdminAnalytic, "omega for-depth")]
    [InlineData(ResidualVariant.DeepNorm, "for-depth")]
    [InlineData(ResidualVariant.Rezero, "hands-on")]
    [InlineData(ResidualVariant.RezeroPostLn, "")]
    [InlineData(ResidualVariant.LookLinear, "post-ln")]
    [InlineData(ResidualVariant.Keel, "for-depth")]
    [InlineData(ResidualVariant.B2t, "for-depth")]
    [InlineData(ResidualVariant.Residual, "")]
    [InlineData(ResidualVariant.LayerNormScaling, "hands-on")]
    [InlineData(ResidualVariant.MixLn, "hands-on for-depth")]
    [InlineData(ResidualVariant.PeriLn, "hands-on")]
    [InlineData(ResidualVariant.SandwichLn, "hands-on")]
    [InlineData(ResidualVariant.OutputNorm, "hands-on")]
    [InlineData(ResidualVariant.LayerScale, "hands-on for-depth")]
    [InlineData(ResidualVariant.SkipInit, "hands-on")]
    [InlineData(ResidualVariant.TFixup, "hands-on for-depth")]
    [InlineData(ResidualVariant.DepthMup, "hands-on for-depth")]
    [InlineData(ResidualVariant.CompleteP, "hands-on for-depth")]
    [InlineData(ResidualVariant.SpanNorm, "")]
    [InlineData(ResidualVariant.SiameseNorm, "")]
    [InlineData(ResidualVariant.SubLn, "hands-on for-depth")]
    [InlineData(ResidualVariant.HybridNorm, "hands-on")]
    [InlineData(ResidualVariant.Dlcl, "hands-on")]
    [InlineData(ResidualVariant.DlclPostLn, "")]
    [InlineData(ResidualVariant.HyperConnections, "hands-on")]
    [InlineData(ResidualVariant.Mhc, "hands-on")]
    [InlineData(ResidualVariant.HybridNormStar, "hands-on")]
    public void Traits_are_read_off_a_connection(ResidualVariant variant, string expected)
    {
        var options = new ResidualOptions { Variant = variant };
        foreach (
            var stack in new[]
            {
                StackShape.Alone(1),
                new StackShape(StackRole.Encoder, 3, 2),
                new StackShape(StackRole.Decoder, 3, 2),
            }
        )
        {
            var traits = ResidualTraits.Of(options, stack);
            (bool Is, string Word)[] words =
            [
                (traits.HandsOnSum, "hands-on"),
                (traits.HasOmega, "omega"),
                (traits.IsProfiled, "profiled"),
                (traits.IsScaledForDepth, "for-depth"),
                (traits.IsPostLn, "post-ln"),
                (traits.IsPlain, "plain"),
            ];
            Assert.Equal(expected, string.Join(' ', words.Where(word => word.Is).Select(word => word.Word)));
        }
    }

    [Fact]
    public void Those_who_watch_see_the_same_until_they_stop_and_nothing_while_nobody_is_told()
    {
        using var scope = NewDisposeScope();
        using var connection = new PostLnResidual(Dim);
        var told = new List<string>();
        void Pass() => connection.call(ones(1, Dim), ones(1, Dim)).Dispose();
        connection.Observer = (_, _, _) => told.Add("first");
        var watch = connection.Watch((_, _, _) => told.Add("second"));
        using (connection.Unobserved())
        {
            Pass();
        }

        Assert.Empty(told);
        Pass();
        watch.Dispose();
        watch.Dispose();
        Pass();
        Assert.Equal(["first", "second", "first"], told);
    }

    [Fact]
    public void A_connection_without_an_equation_that_computes_nothing_says_so()
    {
        using var scope = NewDisposeScope();
        using var connection = new Formless();
        var refused = Assert.Throws<InvalidOperationException>(() => connection.call(ones(1), ones(1)));
        Assert.StartsWith("Formless has neither a Form nor", refused.Message, StringComparison.Ordinal);
    }

    private sealed class Formless() : ResidualConnection(nameof(Formless), 1);

    private sealed class Formed : ResidualConnection
    {
        public Formed(bool before, bool inner, bool after, string shortcut, string branch, Generator random)
            : base(nameof(Formed), ResidualFormTests.Dim)
        {
            ResidualScale Scale(string kind, string name, double constant)
            {
                if (kind != "vector")
                {
                    return kind == "one" ? ResidualScale.One : ResidualScale.Of(constant, name);
                }

                register_parameter(name, new Parameter(randn(Dim, generator: random)));
                return ResidualScale.Of(() => get_parameter(name)!, name);
            }

            ScaledNorm? Norm(bool there, string name, double factor)
            {
                if (!there)
                {
                    return null;
                }

                var norm = nn.LayerNorm(Dim);
                register_module(name, norm);
                foreach (var parameter in norm.parameters())
                {
                    parameter.add_(randn(Dim, generator: random));
                }

                return new ScaledNorm(norm, factor);
            }

            Form = new ResidualForm
            {
                Before = Norm(before, "before", 0.5),
                Inner = Norm(inner, "inner", 2),
                After = Norm(after, "after", 3),
                Shortcut = Scale(shortcut, "s", 1.25),
                Branch = Scale(branch, "b", -0.5),
            };
            this.to(ScalarType.Float64);
        }
    }
}
