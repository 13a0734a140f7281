using System.Text.Json;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary><c>decode/manifest.json</c>; the paths in it start at <c>decode/</c>.</summary>
internal sealed record DecodingManifest(string Batch, IReadOnlyDictionary<string, RecordedTranslator> Models)
{
    /// <summary>Name of the manifest.</summary>
    public const string Name = Folder + "/manifest.json";

    /// <summary>Where it is.</summary>
    public const string Folder = "decode";

    /// <summary>Where the averaged checkpoints are.</summary>
    public const string AverageFolder = Folder + "/average";

    /// <summary>The settings of a search unless its configuration says otherwise.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Defaults { get; init; }

    /// <summary>What was averaged; null if nothing was.</summary>
    public RecordedAverage? Average { get; init; }
}

/// <summary>A trained model and what it decoded.</summary>
internal sealed record RecordedTranslator(ReferenceDims Dims, string InitType, string Weights)
{
    /// <summary>Whether the encoder normalizes before the branch.</summary>
    public bool EncoderNormalizeBefore { get; init; }

    /// <summary>Whether the decoder does.</summary>
    public bool DecoderNormalizeBefore { get; init; }

    /// <summary>The searches with the last checkpoint.</summary>
    public string? Last { get; init; }

    /// <summary>The searches with the averaged checkpoints.</summary>
    public string? Averaged { get; init; }

    /// <summary>The model's shape.</summary>
    public ReferenceArchitecture Architecture => new(Dims, InitType, EncoderNormalizeBefore, DecoderNormalizeBefore);
}

/// <summary>Checkpoints that were averaged and their mean; the paths start at <c>decode/average/</c>.</summary>
internal sealed record RecordedAverage(IReadOnlyList<string> InputsInSummationOrder, string Output);

/// <summary>One configuration of the search, and up to five best hypotheses of each source.</summary>
internal sealed record RecordedSearch(
    IReadOnlyDictionary<string, JsonElement> Config,
    IReadOnlyList<IReadOnlyList<RecordedHypothesis>> NbestPerSourceFloat64run
);

/// <summary>A finished hypothesis, including its end mark.</summary>
internal sealed record RecordedHypothesis(
    IReadOnlyList<int> Tokens,
    double Score,
    IReadOnlyList<double> PositionalScores
);
