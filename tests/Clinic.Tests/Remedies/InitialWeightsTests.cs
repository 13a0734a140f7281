using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Remedies;

/// <summary>
/// The largest weight of each matrix, or its standard deviation, as the formulas of the sources have them; Xavier's
/// bound is <c>sqrt(6 / (rows + columns))</c>.
/// </summary>
public class InitialWeightsTests
{
    private const int Dim = 64;
    private const int Hidden = 96;
    private const int Layers = 3;

    private static readonly double Square = Math.Sqrt(6.0 / (2 * Dim));
    private static readonly double Fused = Math.Sqrt(6.0 / (4 * Dim));
    private static readonly double Wide = Math.Sqrt(6.0 / (Dim + Hidden));

    public static TheoryData<InitialWeights> Rules => [.. Enum.GetValues<InitialWeights>()];

    [Theory]
    [InlineData(InitialWeights.Variant, 1, 1, 1)]
    [InlineData(InitialWeights.Xavier, 1, 1, 1)]
    [InlineData(InitialWeights.DsInit, 1, 0.70710678, 0.57735027)] // l^(-1/2)
    [InlineData(InitialWeights.DsInitCode, 1, 0.84089642, 0.75983569)] // l^(-1/4)
    [InlineData(InitialWeights.B2t, 0.57735027, 0.57735027, 0.57735027)] // 3^(-1/2)
    public void Rules_that_scale_all_matrices_of_a_layer(InitialWeights rule, double one, double two, double three)
    {
        using var model = Model(rule);
        double[] gains = [one, two, three];
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            var gain = gains[address.Layer];
            if (sublayer.Branch is MultiHeadAttention attention)
            {
                AssertBound(gain * Fused, attention.InputProjection);
                AssertBound(gain * Square, attention.OutputProjection);
            }
            else
            {
                AssertBound(gain * Wide, ((FeedForward)sublayer.Branch).Inner, ((FeedForward)sublayer.Branch).Outer);
            }
        }

        AssertDeviation(1 / Math.Sqrt(Dim), model.Embeddings.Source);
    }

    [Fact]
    public void Marian_draws_queries_keys_and_values_by_themselves()
    {
        using var model = Model(InitialWeights.Marian);
        foreach (
            var (address, sublayer) in SublayerAddress
                .AllOf(model)
                .Where(entry => entry.Address.Kind != SublayerKind.FeedForward)
        )
        {
            AssertBound(Square / Math.Sqrt(address.LayerNumber), ((MultiHeadAttention)sublayer.Branch).InputProjection);
        }
    }

    [Fact]
    public void Gpt2_scales_what_writes_to_the_stream_by_the_number_of_sublayers()
    {
        using var model = Model(InitialWeights.Gpt2);
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            var output = 0.02 / Math.Sqrt(address.Stack == StackName.Encoder ? 2 * Layers : 3 * Layers);
            if (sublayer.Branch is MultiHeadAttention attention)
            {
                AssertDeviation(0.02, attention.InputProjection.Weight);
                AssertDeviation(output, attention.OutputProjection.Weight);
            }
            else
            {
                AssertDeviation(0.02, ((FeedForward)sublayer.Branch).Inner.Weight);
                AssertDeviation(output, ((FeedForward)sublayer.Branch).Outer.Weight);
            }
        }
    }

    [Fact]
    public void Small_init_draws_all_of_attention_from_N_0_2_over_5d()
    {
        using var model = Model(InitialWeights.SmallInit);
        foreach (var (_, sublayer) in SublayerAddress.AllOf(model))
        {
            if (sublayer.Branch is MultiHeadAttention attention)
            {
                AssertDeviation(Math.Sqrt(0.4 / Dim), attention.InputProjection.Weight);
                AssertDeviation(Math.Sqrt(0.4 / Dim), attention.OutputProjection.Weight);
            }
            else
            {
                AssertDeviation(Wide / Math.Sqrt(3), ((FeedForward)sublayer.Branch).Inner.Weight);
                AssertDeviation(Wide / Math.Sqrt(3), ((FeedForward)sublayer.Branch).Outer.Weight);
            }
        }
    }

    /// <summary>
    /// N = M = 3: <c>0.67 * 3^(-1/4) = 0.50908991</c>, <c>27^(-1/4) = 0.43869134</c>. The variant has them by itself.
    /// </summary>
    [Theory]
    [InlineData(InitialWeights.TFixup, ResidualVariant.PostLn)]
    [InlineData(InitialWeights.Variant, ResidualVariant.TFixup)]
    public void T_fixup_scales_values_outputs_and_embeddings(InitialWeights rule, ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Model(rule, variant, EmbeddingSharing.None);
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            var gain = address.Stack == StackName.Encoder ? 0.50908991 : 0.43869134;
            if (sublayer.Branch is MultiHeadAttention attention)
            {
                var parts = attention.InputProjection.Weight.chunk(3);
                AssertBound(Square * Math.Sqrt(0.5), parts[0]);
                AssertBound(Square * Math.Sqrt(0.5), parts[1]);
                AssertBound(Square * gain, parts[2]);
                AssertBound(Square * gain, attention.OutputProjection);
            }
            else
            {
                AssertBound(gain * Wide, ((FeedForward)sublayer.Branch).Inner, ((FeedForward)sublayer.Branch).Outer);
            }
        }

        AssertDeviation(0.43869134 / Math.Sqrt(Dim), model.Embeddings.Source);
        AssertDeviation(0.43869134 / Math.Sqrt(Dim), model.Embeddings.Target);
        AssertDeviation(1 / Math.Sqrt(Dim), model.Embeddings.Output);
    }

    [Theory]
    [InlineData(ResidualVariant.B2t)]
    [InlineData(ResidualVariant.DeepNorm)]
    [InlineData(ResidualVariant.TFixup)]
    public void With_xavier_a_variant_has_no_initial_weights_of_its_own(ResidualVariant variant)
    {
        using var plain = Model(InitialWeights.Xavier);
        using var other = Model(InitialWeights.Xavier, variant);
        var own = other.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.All(
            plain.named_parameters().Where(entry => !entry.name.Contains("norm", StringComparison.Ordinal)),
            entry => Assert.Equal(entry.parameter.bytes.ToArray(), own[entry.name].bytes.ToArray())
        );
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_same_seed_gives_the_same_bytes(InitialWeights rule)
    {
        using var first = Model(rule);
        using var second = Model(rule);
        Assert.Equal(
            first.parameters().Select(parameter => parameter.bytes.ToArray()),
            second.parameters().Select(parameter => parameter.bytes.ToArray())
        );
    }

    private static Transformer Model(
        InitialWeights rule,
        ResidualVariant variant = ResidualVariant.PostLn,
        EmbeddingSharing sharing = EmbeddingSharing.All
    )
    {
        var stack = new StackOptions
        {
            Layers = Layers,
            Variant = variant,
            Initialization = rule,
        };
        var options = SmallModel.Options() with
        {
            Encoder = stack,
            Decoder = stack,
            Dim = Dim,
            FeedForwardDim = Hidden,
            SharedEmbeddings = sharing,
        };
        return new Transformer(options, vocabulary: 500, padding: 1, seed: 5);
    }

    private static void AssertBound(double bound, params Linear[] matrices) =>
        AssertBound(bound, [.. matrices.Select(matrix => (Tensor)matrix.Weight)]);

    private static void AssertBound(double bound, params Tensor[] matrices) =>
        Assert.All(matrices, matrix => Assert.Equal(bound, matrix.detach().abs().max().item<float>(), 0.01 * bound));

    private static void AssertDeviation(double deviation, Tensor matrix) =>
        Assert.Equal(deviation, matrix.detach().std().item<float>(), 0.05 * deviation);
}
