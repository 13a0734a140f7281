using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;
using TestModel = TransformerClinic.Tests.TestSupport.SmallModel;

namespace TransformerClinic.Tests.Runs;

/// <summary>A model packed from its file, next to the same packed from the module.</summary>
public sealed class StoredModelTests : IDisposable
{
    private const int End = Vocabulary.EndOfSentence;

    private static readonly ResidualVariant[] KnownByName =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
        ResidualVariant.AdminFormula,
        ResidualVariant.DeepNorm,
        ResidualVariant.LookLinear,
    ];

    private static readonly int[][] Sources =
    [
        [4, 5, 6, End],
        [10, 9, 8, 7, 6, 5, 4, End],
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Variants))]
    public void It_computes_the_same_for_each_variant_whose_equation_is_known_by_name(ResidualVariant variant)
    {
        var model = Shaken(TestModel.Create(variant));

        var stored = Source(model).LoadPacked(DecodingPrecision.Fp32);

        Assert.Equal(KnownByName.Contains(variant), stored is not null);
        if (stored is not null)
        {
            AssertSame(model, stored, DecodingPrecision.Fp32);
        }
    }

    [Theory]
    [InlineData(NormKind.LayerNorm, EmbeddingSharing.None, PositionFormula.Marian, FirstOmega.Trainable)]
    [InlineData(
        NormKind.LayerNormWithoutBias,
        EmbeddingSharing.Decoder,
        PositionFormula.HuggingFace,
        FirstOmega.Frozen
    )]
    [InlineData(NormKind.RmsNorm, EmbeddingSharing.All, PositionFormula.Fairseq, FirstOmega.Trainable)]
    [InlineData(NormKind.ScaleNorm, EmbeddingSharing.All, PositionFormula.Fairseq, FirstOmega.Frozen)]
    public void So_it_does_for_every_shape(
        NormKind norm,
        EmbeddingSharing sharing,
        PositionFormula positions,
        FirstOmega first
    )
    {
        var stack = new StackOptions
        {
            Layers = 2,
            Variant = ResidualVariant.Admin,
            Norm = norm,
            FirstOmega = first,
            InputScale = true,
        };
        var model = Shaken(
            TestModel.Create(
                TestModel.Options() with
                {
                    Encoder = stack,
                    Decoder = stack with { Variant = ResidualVariant.PreLn, Layers = 3 },
                    SharedEmbeddings = sharing,
                    Positions = positions,
                    OutputBias = true,
                    ZeroStart = true,
                    Activation = Activation.Swish,
                }
            )
        );

        AssertSame(model, Source(model).LoadPacked(DecodingPrecision.Fp32)!, DecodingPrecision.Fp32);
    }

    [Theory]
    [InlineData(EmbeddingSharing.All)]
    [InlineData(EmbeddingSharing.Decoder)]
    [InlineData(EmbeddingSharing.None)]
    public void So_it_does_for_word_vectors_of_a_fixed_length(EmbeddingSharing sharing)
    {
        var model = Shaken(TestModel.Create(TestModel.Options() with { FixNorm = true, SharedEmbeddings = sharing }));

        AssertSame(model, Source(model).LoadPacked(DecodingPrecision.Fp32)!, DecodingPrecision.Fp32);
    }

    [Theory]
    [InlineData(DecodingPrecision.Bf16)]
    [InlineData(DecodingPrecision.Int8)]
    public void So_it_does_with_rounded_weights(DecodingPrecision precision)
    {
        var model = Shaken(TestModel.Create(ResidualVariant.Admin));

        AssertSame(model, Source(model).LoadPacked(precision)!, precision);
    }

    [Fact]
    public void What_takes_the_module_is_not_loaded_from_the_file()
    {
        using var scope = NewDisposeScope();
        var options = TestModel.Options();
        foreach (
            var other in new[]
            {
                options with
                {
                    Dim = 24,
                },
                options with
                {
                    Activation = Activation.Gelu,
                },
                options with
                {
                    Encoder = options.Encoder with { BranchSchedule = BranchSchedule.ProRes },
                },
            }
        )
        {
            Assert.Null(Source(TestModel.Create(other)).LoadPacked(DecodingPrecision.Fp32));
        }
    }

    [Theory]
    [InlineData(3, 24)]
    [InlineData(1, 24)]
    [InlineData(2, 16)]
    public void A_file_of_another_shape_is_not_loaded(int layers, int hidden)
    {
        using var scope = NewDisposeScope();
        var source = Source(TestModel.Create());
        var options = TestModel.Options();
        var other = options with { Encoder = options.Encoder with { Layers = layers }, FeedForwardDim = hidden };

        Assert.Null((source with { Config = Config(other) }).LoadPacked(DecodingPrecision.Fp32));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused()
    {
        using var scope = NewDisposeScope();
        var source = Source(TestModel.Create());
        using (var file = new FileStream(source.WeightsPath, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Contains(
            "not a whole safetensors file",
            Assert.Throws<UserErrorException>(() => source.LoadPacked(DecodingPrecision.Fp32)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Its_file_may_be_overwritten_in_place_once_it_is_packed()
    {
        var model = Shaken(TestModel.Create(TestModel.Options() with { SharedEmbeddings = EmbeddingSharing.None }));
        var source = Source(model);
        var stored = source.LoadPacked(DecodingPrecision.Fp32)!;

        using (var file = new FileStream(source.WeightsPath, FileMode.Open))
        {
            file.SetLength(0);
        }

        AssertSame(model, stored, DecodingPrecision.Fp32);
    }

    [Fact]
    public void A_search_finds_the_same_translations_with_it()
    {
        using var scope = NewDisposeScope();
        var model = Shaken(TestModel.Create(ResidualVariant.Admin));
        var options = new DecodingOptions { Beam = 3, Temperature = 1.5 };
        var searched = new SearchedModel(
            model.Options,
            model.Vocabulary,
            model.Padding,
            () => throw new InvalidOperationException("Nothing needs the module."),
            precision => Source(model).LoadPacked(precision)!
        );

        var expected = new BeamSearch(model, options).Search(Sources, TestContext.Current.CancellationToken);
        var search = new BeamSearch([searched], options, method: null, kernels: null);
        var found = search.Search(Sources, TestContext.Current.CancellationToken);

        Assert.False(search.NeedsLibtorch);
        foreach (var (one, other) in expected.SelectMany(all => all).Zip(found.SelectMany(all => all)))
        {
            Assert.Equal(one.Tokens, other.Tokens);
            Assert.Equal(one.Score, other.Score, 1e-5);
        }
    }

    private static void AssertSame(Transformer model, IDecodingModel stored, DecodingPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var expected = new PackedTransformer(model, precision).Start(Sources);
        using var found = stored.Start(Sources);
        foreach (var tokens in new[] { new[] { End, End }, [7, 12], [3, 9] })
        {
            var (one, other) = (expected.Logits(tokens, 1), found.Logits(tokens, 1));

            // Positions are rounded in another way, and where numbers are rounded to 8 bits, now and then to the next.
            var tolerance = precision == DecodingPrecision.Int8 ? 0.05 : 1e-4;
            Assert.InRange((one - other).abs().max().item<float>(), 0, tolerance);
        }
    }

    private ModelSource Source(Transformer model)
    {
        var path = _folder.PathOf("model.safetensors");
        using (var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite))
        {
            ModuleWeights.Write(file, model);
        }

        return new ModelSource("model", path, Config(model.Options), null!, Run: null);
    }

    private static ModelConfig Config(ModelOptions options) =>
        new(TrainedModel.Format, "de", "en", TestModel.Words, options, new DecodingOptions(), Profile: null);

    /// <summary>Normalizations, omegas and biases are not what they are drawn as.</summary>
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
