using System.Text.Json;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>A configuration of the reference's search, and our options for it.</summary>
internal sealed record SearchConfiguration
{
    /// <summary>Hypotheses kept at every step.</summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>Scores are divided by length to this power.</summary>
    public double LenPenalty { get; init; } = 1;

    /// <summary>Whether scores are divided by length at all.</summary>
    public bool NormalizeScores { get; init; } = true;

    /// <summary>Longest output as a multiple of the padded width of the batch of sources.</summary>
    public double MaxLenA { get; init; }

    /// <summary>Longest output, the constant part.</summary>
    public int MaxLenB { get; init; } = 200;

    /// <summary>Shortest output.</summary>
    public int MinLen { get; init; } = 1;

    /// <summary>No n-gram of this length occurs twice; 0 allows all.</summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>Logits are divided by this.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Subtracted from the log-probability of the unknown token.</summary>
    public double UnkPenalty { get; init; }

    /// <summary>Present if every source was decoded separately, without padding.</summary>
    public string? Note { get; init; }

    /// <summary>Settings that are unknown here.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }

    /// <summary>Whether every source was decoded separately.</summary>
    public bool Alone => Note is not null;

    /// <summary>A configuration over the defaults of its manifest.</summary>
    /// <param name="config">Its own settings.</param>
    /// <param name="defaults">The settings otherwise.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="UserErrorException">A value does not have the expected type.</exception>
    public static SearchConfiguration Of(
        IReadOnlyDictionary<string, JsonElement> config,
        IReadOnlyDictionary<string, JsonElement>? defaults,
        string path
    )
    {
        var merged = new Dictionary<string, JsonElement>(
            defaults ?? new Dictionary<string, JsonElement>(),
            StringComparer.Ordinal
        );
        foreach (var (key, value) in config)
        {
            merged[key] = value;
        }

        return Json.ReadForeign<SearchConfiguration>(JsonSerializer.SerializeToElement(merged), path);
    }

    /// <summary>A setting that the search here does not have; null if it has all.</summary>
    public string? Missing => Others?.Keys.FirstOrDefault();

    /// <summary>Our options.</summary>
    public DecodingOptions Options =>
        new()
        {
            Beam = BeamSize,
            LengthPenalty = NormalizeScores ? LenPenalty : 0,
            MaxLengthA = MaxLenA,
            MaxLengthB = MaxLenB,
            MaxLengthOf = SourceLength.Batch,
            MinLength = MinLen,
            NoRepeatNgram = NoRepeatNgramSize,
            Temperature = Temperature,
            UnknownPenalty = UnkPenalty,
        };
}
