using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Runs;

/// <summary>
/// Reads a model folder's configuration. Each property of the options is named here once more, because that is what
/// makes it fast; one that is missing here makes it slow, not wrong: then <see cref="Json"/> reads the file.
/// </summary>
/// <remarks>
/// Not by the source generator of System.Text.Json (10.0): for a property that can only be initialized and is not in
/// the file, what it generates puts in the type's default, not the property's own. A width that is left out would be 0.
/// </remarks>
internal static class ModelConfigFile
{
    private static readonly string Encoder = StackName.Encoder.Word();
    private static readonly string Decoder = StackName.Decoder.Word();

    /// <summary>The configuration in a file.</summary>
    /// <exception cref="UserErrorException">The file is missing or does not contain one.</exception>
    public static ModelConfig Read(string path) =>
        JsonFields.Read(TextLines.ReadBytes(path), Config) ?? Json.Read<ModelConfig>(path);

    internal static ModelConfig Config(JsonFields json) =>
        new(
            json.Whole("format"),
            json.Text("sourceLanguage"),
            json.Text("targetLanguage"),
            json.Whole("vocabulary"),
            json.Object("model", Model),
            json.Object("decoding", Decoding),
            json.ObjectOrNull("profile", Profile)
        );

    private static ModelOptions Model(JsonFields json)
    {
        var usual = new ModelOptions();
        return new ModelOptions
        {
            Encoder = json.Has(Encoder) ? json.Object(Encoder, Stack) : usual.Encoder,
            Decoder = json.Has(Decoder) ? json.Object(Decoder, Stack) : usual.Decoder,
            Dim = json.Whole("dim", usual.Dim),
            Heads = json.Whole("heads", usual.Heads),
            FeedForwardDim = json.Whole("feedForwardDim", usual.FeedForwardDim),
            Dropout = json.Number("dropout", usual.Dropout),
            AttentionDropout = json.Number("attentionDropout", usual.AttentionDropout),
            ActivationDropout = json.Number("activationDropout", usual.ActivationDropout),
            Activation = json.Name("activation", usual.Activation),
            SharedEmbeddings = json.Name("sharedEmbeddings", usual.SharedEmbeddings),
            FixNorm = json.Flag("fixNorm", usual.FixNorm),
            OutputBias = json.Flag("outputBias", usual.OutputBias),
            ZeroStart = json.Flag("zeroStart", usual.ZeroStart),
            Positions = json.Name("positions", usual.Positions),
            MaxPositions = json.Whole("maxPositions", usual.MaxPositions),
        };
    }

    private static StackOptions Stack(JsonFields json)
    {
        var usual = new StackOptions();
        return new StackOptions
        {
            Layers = json.Whole("layers", usual.Layers),
            Variant = json.Name("variant", usual.Variant),
            FirstOmega = json.Name("firstOmega", usual.FirstOmega),
            Analytic = json.Has("analytic") ? json.Object("analytic", Analytic) : usual.Analytic,
            InputScale = json.Flag("inputScale", usual.InputScale),
            Norm = json.Name("norm", usual.Norm),
            Initialization = json.Name("initialization", usual.Initialization),
            BranchSchedule = json.Name("branchSchedule", usual.BranchSchedule),
            BranchScheduleUpdates = json.Whole("branchScheduleUpdates", usual.BranchScheduleUpdates),
        };
    }

    private static AnalyticOptions Analytic(JsonFields json)
    {
        var usual = new AnalyticOptions();
        return new AnalyticOptions
        {
            OutputChange = json.Name("outputChange", usual.OutputChange),
            Power = json.Number("power", usual.Power),
            InnerNorm = json.Flag("innerNorm", usual.InnerNorm),
            Shape = json.Name("shape", usual.Shape),
            Trainable = json.Flag("trainable", usual.Trainable),
        };
    }

    private static DecodingOptions Decoding(JsonFields json)
    {
        var usual = new DecodingOptions();
        return new DecodingOptions
        {
            Beam = json.Whole("beam", usual.Beam),
            LengthPenalty = json.Number("lengthPenalty", usual.LengthPenalty),
            LengthNormalization = json.Name("lengthNormalization", usual.LengthNormalization),
            CoveragePenalty = json.Number("coveragePenalty", usual.CoveragePenalty),
            MaxLengthA = json.Number("maxLengthA", usual.MaxLengthA),
            MaxLengthB = json.Whole("maxLengthB", usual.MaxLengthB),
            MaxLengthOf = json.Name("maxLengthOf", usual.MaxLengthOf),
            MinLengthA = json.Number("minLengthA", usual.MinLengthA),
            MinLength = json.Whole("minLength", usual.MinLength),
            NoRepeatNgram = json.Whole("noRepeatNgram", usual.NoRepeatNgram),
            Temperature = json.Number("temperature", usual.Temperature),
            UnknownPenalty = json.Number("unknownPenalty", usual.UnknownPenalty),
            Precision = json.Name("precision", usual.Precision),
            TokensPerBatch = json.Whole("tokensPerBatch", usual.TokensPerBatch),
        };
    }

    private static AdminProfile Profile(JsonFields json) =>
        new(
            json.Text("batchHash"),
            json.Whole("sentences"),
            json.Whole("sourceTokens"),
            json.Whole("targetTokens"),
            json.Long("seed"),
            json.Flag("dropout"),
            json.Name<PaddingPolicy>("padding"),
            json.Objects("connections", Connection)
        );

    private static ProfiledConnection Connection(JsonFields json) =>
        new(
            json.Text("chain"),
            json.Whole("index"),
            json.Text("path"),
            json.Number("omega"),
            json.Number("shortcutVariance"),
            json.Number("branchVariance"),
            json.Text("why")
        );
}
