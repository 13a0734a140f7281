using System.Text.Json.Serialization;

namespace TransformerClinic.Runs;

/// <summary>What a line of the log tells of.</summary>
public enum LogKind
{
    /// <summary>The mean over the updates since the line before.</summary>
    Train,

    /// <summary>A validation.</summary>
    Valid,

    /// <summary>An update that was skipped because its loss or gradient was not finite.</summary>
    Skipped,
}

/// <summary>A line of <c>log.jsonl</c>. Losses are in nats a target token; a number that is not finite is null and left out.</summary>
public sealed record LogEntry
{
    /// <summary>What it tells of.</summary>
    public required LogKind Kind { get; init; }

    /// <summary>Updates made.</summary>
    public required long Step { get; init; }

    /// <summary>Label-smoothed cross entropy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Loss { get; init => field = Finite(value); }

    /// <summary>Negative log-likelihood.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Nll { get; init => field = Finite(value); }

    /// <summary><c>exp(nll)</c></summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Perplexity { get; init => field = Finite(value); }

    /// <summary>Learning rate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>Norm of the gradient of the mean loss, before clipping, at this update.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GradientNorm { get; init => field = Finite(value); }

    /// <summary>Target tokens a second since the line before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TokensPerSecond { get; init => field = Finite(value); }

    /// <summary>Seconds of training so far.</summary>
    public required double Seconds { get; init; }

    // JSON has no word for NaN and infinity.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? value : null;
}
