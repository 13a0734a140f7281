using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Tests.Runs;

/// <summary>The quick way to read a configuration, next to the one that knows all that is allowed.</summary>
public sealed class ModelConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_property_is_read_as_it_was_written()
    {
        var usual = Config(new ModelOptions(), new DecodingOptions(), profile: null);
        var config = Unusual();

        AssertRead(usual);
        AssertRead(config);
        foreach (
            var (one, other) in OptionsOf(usual.Model)
                .Concat(OptionsOf(usual.Decoding))
                .Zip(OptionsOf(config.Model).Concat(OptionsOf(config.Decoding)))
        )
        {
            Assert.False(Equals(one.Value, other.Value), $"{one.Path} has its usual value, which would not be missed.");
        }
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":1,\"more\":2", "more")]
    [InlineData("\"format\":1", "\"format\":1,\"format\":1", "format")]
    [InlineData("\"format\":1", "\"format\":\"one\"", "format")]
    [InlineData("\"heads\":8", "\"heads\":8.5", "heads")]
    [InlineData("\"variant\":\"admin\"", "\"variant\":\"admun\"", "variant")]
    [InlineData("\"dropout\":0.1", "\"dropout\":1e999", "too large")]
    public void What_is_not_as_expected_is_explained_as_everywhere(string written, string damaged, string named)
    {
        var json = Json.Line(Config(new ModelOptions(), new DecodingOptions(), profile: null));
        Assert.Contains(written, json, StringComparison.Ordinal);
        var at = json.IndexOf(written, StringComparison.Ordinal);
        var path = _folder.Write("config.json", json[..at] + damaged + json[(at + written.Length)..]);

        var message = Assert.Throws<UserErrorException>(() => ModelConfigFile.Read(path)).Message;

        Assert.Equal(Assert.Throws<UserErrorException>(() => Json.Read<ModelConfig>(path)).Message, message);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_in_place_of_a_name_is_read_the_slow_way()
    {
        var json = Json.Line(Config(new ModelOptions(), new DecodingOptions(), profile: null));
        var path = _folder.Write(
            "config.json",
            json.Replace("\"activation\":\"relu\"", "\"activation\":1", StringComparison.Ordinal)
        );

        Assert.Equal(Activation.Gelu, ModelConfigFile.Read(path).Model.Activation);
    }

    private static void AssertRead(ModelConfig config)
    {
        var json = Json.Line(config);
        var read = JsonFields.Read(Encoding.UTF8.GetBytes(json), ModelConfigFile.Config);

        Assert.NotNull(read);
        Assert.Equal(json, Json.Line(read));
    }

    private static IEnumerable<(string Path, object? Value)> OptionsOf(object options) =>
        OptionKey.AllOf(options.GetType()).Where(key => key.IsScalar).Select(key => (key.Path, key.Of(options)));

    private static ModelConfig Config(ModelOptions model, DecodingOptions decoding, AdminProfile? profile) =>
        new(TrainedModel.Format, "de", "en", 4000, model, decoding, profile);

    private static ModelConfig Unusual()
    {
        var stack = new StackOptions
        {
            Layers = 7,
            Variant = ResidualVariant.LayerNormScaling,
            FirstOmega = FirstOmega.Trainable,
            Analytic = new AnalyticOptions
            {
                OutputChange = OutputChange.Linear,
                Power = 0.5,
                InnerNorm = true,
                Shape = OmegaShape.Vector,
                Trainable = true,
            },
            InputScale = true,
            Norm = NormKind.RmsNorm,
            Initialization = InitialWeights.DsInit,
            BranchSchedule = BranchSchedule.ProRes,
            BranchScheduleUpdates = 3,
        };
        return Config(
            new ModelOptions
            {
                Encoder = stack,
                Decoder = stack with { Layers = 8 },
                Dim = 64,
                Heads = 2,
                FeedForwardDim = 100,
                Dropout = 0.25,
                AttentionDropout = 0.125,
                ActivationDropout = 0.5,
                Activation = Activation.Swish,
                SharedEmbeddings = EmbeddingSharing.None,
                FixNorm = true,
                OutputBias = true,
                ZeroStart = true,
                Positions = PositionFormula.HuggingFace,
                MaxPositions = 99,
            },
            new DecodingOptions
            {
                Beam = 2,
                LengthPenalty = 0.5,
                LengthNormalization = LengthNormalization.Gnmt,
                CoveragePenalty = 0.1,
                MaxLengthA = 2,
                MaxLengthB = 30,
                MaxLengthOf = SourceLength.Batch,
                MinLengthA = 0.1,
                MinLength = 2,
                NoRepeatNgram = 3,
                Temperature = 1.5,
                UnknownPenalty = -1,
                Precision = DecodingPrecision.Int8,
                TokensPerBatch = 17,
            },
            new AdminProfile(
                "ab",
                1,
                2,
                3,
                1L << 40,
                true,
                PaddingPolicy.Count,
                [new ProfiledConnection("encoder", 1, "a.b", 1.5, 0.25, 1e-7, "because")]
            )
        );
    }
}
