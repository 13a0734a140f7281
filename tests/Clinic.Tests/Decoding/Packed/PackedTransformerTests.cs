using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;
using TestModel = TransformerClinic.Tests.TestSupport.SmallModel;

namespace TransformerClinic.Tests.Decoding.Packed;

/// <summary>Our kernels against libtorch's operators, and against themselves.</summary>
public sealed class PackedTransformerTests
{
    private const int End = Vocabulary.EndOfSentence;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, End],
        [10, 9, 8, 7, 6, 5, 4, End],
        [7, End],
        [5, 5, 19, 5, 5, End],
        [9, 4, End],
    ];

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits_are_libtorchs_for_every_residual_variant(ResidualVariant variant) =>
        AssertLogits(Model(variant), 1e-4, DecodingPrecision.Fp32);

    [Theory]
    [InlineData(Activation.Gelu, EmbeddingSharing.None, 2, 23)]
    [InlineData(Activation.Relu, EmbeddingSharing.Decoder, 4, 40)]
    [InlineData(Activation.Relu, EmbeddingSharing.All, 1, 1)]
    public void So_they_are_for_every_shape(Activation activation, EmbeddingSharing sharing, int heads, int hidden)
    {
        var stack = new StackOptions
        {
            Layers = 2,
            Variant = ResidualVariant.Admin,
            InputScale = true,
        };
        var options = TestModel.Options() with
        {
            Activation = activation,
            SharedEmbeddings = sharing,
            Heads = heads,
            FeedForwardDim = hidden,
            Encoder = stack,
            Decoder = stack,
        };
        AssertLogits(Shaken(TestModel.Create(options)), 1e-4, DecodingPrecision.Fp32);
    }

    [Theory]
    [InlineData(DecodingPrecision.Bf16, 0.1)]
    [InlineData(DecodingPrecision.Int8, 0.2)]
    public void Rounded_weights_change_logits_a_little(DecodingPrecision precision, double tolerance) =>
        AssertLogits(Model(ResidualVariant.Admin), tolerance, precision);

    [Theory]
    [InlineData(1, LengthNormalization.Power)]
    [InlineData(4, LengthNormalization.Gnmt)]
    public void Float32_finds_the_tokens_that_libtorchs_operators_find(int beam, LengthNormalization normalization)
    {
        using var scope = NewDisposeScope();
        for (var seed = 0; seed < 12; seed++)
        {
            var model = Model(seed % 2 == 0 ? ResidualVariant.Admin : ResidualVariant.PreLn, seed);
            foreach (var (a, b, minimum, ngram) in new[] { (1.0, 3, 1, 0), (0.0, 12, 5, 2) })
            {
                var options = new DecodingOptions
                {
                    Beam = beam,
                    MaxLengthA = a,
                    MaxLengthB = b,
                    MinLength = minimum,
                    NoRepeatNgram = ngram,
                    LengthNormalization = normalization,
                };
                var (expected, found) = (
                    BeamSearch.Plain(model, options).Search(Sources, Cancellation),
                    new BeamSearch(model, options).Search(Sources, Cancellation)
                );
                foreach (var (plain, packed) in expected.SelectMany(all => all).Zip(found.SelectMany(all => all)))
                {
                    Assert.Equal(plain.Tokens, packed.Tokens);
                    Assert.Equal(plain.Score, packed.Score, 1e-4);
                }
            }
        }
    }

    [Theory]
    [InlineData(DecodingPrecision.Fp32)]
    [InlineData(DecodingPrecision.Bf16)]
    [InlineData(DecodingPrecision.Int8)]
    public void A_sentence_has_the_same_bits_alone_in_a_batch_and_again(DecodingPrecision precision)
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(
            Model(ResidualVariant.Admin),
            new DecodingOptions
            {
                Beam = 3,
                MaxLengthA = 1,
                MaxLengthB = 4,
                Precision = precision,
            }
        );
        var together = search.Search(Sources, Cancellation);

        for (var i = 0; i < Sources.Length; i++)
        {
            var alone = search.Search([Sources[i]], Cancellation)[0];
            Assert.Equal(
                alone.Select(hypothesis => hypothesis.Tokens),
                together[i].Select(hypothesis => hypothesis.Tokens)
            );
            Assert.Equal(
                alone.Select(hypothesis => hypothesis.TokenLogProbabilities),
                together[i].Select(hypothesis => hypothesis.TokenLogProbabilities)
            );
        }
    }

    [Fact]
    public void A_search_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(
            Model(ResidualVariant.Admin),
            new DecodingOptions
            {
                Beam = 3,
                MinLength = 20,
                MaxLengthB = 20,
            }
        );
        search.Search(Sources, Cancellation);
        var before = Live();

        search.Search(Sources, Cancellation);

        Assert.Equal(before, Live());
        static (long, long) Live()
        {
            var statistics = DisposeScopeManager.Statistics;
            return (
                statistics.ThreadTotalLiveCount,
                statistics.DetachedFromScopeCount - statistics.DisposedOutsideScopeCount
            );
        }
    }

    [Fact]
    public void Float64_and_narrow_models_are_left_to_libtorch_and_cannot_be_int8()
    {
        using var scope = NewDisposeScope();
        var wide = Model(ResidualVariant.Admin);
        Assert.True(PackedTransformer.Serves(wide));
        wide.to(ScalarType.Float64);
        var narrow = TestModel.Create(TestModel.Options() with { Dim = 8 });
        foreach (var model in new[] { wide, narrow })
        {
            Assert.False(PackedTransformer.Serves(model));
            Assert.NotEmpty(new BeamSearch(model, new DecodingOptions()).Search(Sources, Cancellation));
            var exception = Assert.Throws<UserErrorException>(() =>
                new BeamSearch(model, new DecodingOptions { Precision = DecodingPrecision.Int8 })
            );
            Assert.Contains("Translating in int8 takes", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_step_with_another_number_of_hypotheses_is_refused()
    {
        using var scope = NewDisposeScope();
        using var decoder = new PackedTransformer(Model(ResidualVariant.Admin), DecodingPrecision.Fp32).Start([
            [5, End],
        ]);

        Assert.Throws<ArgumentException>(() => decoder.Logits([4, 5], 2));
    }

    /// <summary>Through steps, reorderings and departures, the logits of both decoders.</summary>
    private static void AssertLogits(Transformer model, double tolerance, DecodingPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var packed = new PackedTransformer(model, precision).Start(Sources);
        using var plain = new TensorModel(model).Start(Sources);
        var random = new Random(1);
        var (sources, hypotheses) = (Sources.Length, 1);
        for (var step = 0; step < 22; step++)
        {
            int[] tokens =
            [
                .. Enumerable
                    .Range(0, sources * hypotheses)
                    .Select(_ => step == 0 ? End : random.Next(3, TestModel.Words)),
            ];
            var (expected, found) = (plain.Logits(tokens, hypotheses), packed.Logits(tokens, hypotheses));
            Assert.Equal(expected.shape, found.shape);
            Assert.InRange((expected - found).abs().max().item<float>(), 0, tolerance);
            if (step == 6)
            {
                int[] kept = [0, 2, 4];
                packed.KeepSources(kept);
                plain.KeepSources(kept);
                sources = kept.Length;
            }

            int[] parents = [.. Enumerable.Range(0, sources * 3).Select(_ => random.Next(hypotheses))];
            packed.Reorder(parents);
            plain.Reorder(parents);
            hypotheses = 3;
        }
    }

    /// <summary>Normalisations, omegas and biases are not what they are drawn as.</summary>
    private static Transformer Model(ResidualVariant variant, long seed = 1) => Shaken(TestModel.Create(variant, seed));

    private static Transformer Shaken(Transformer model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape, generator: generator) * 0.2);
        }

        return model;
    }
}
