using System.Text.Json.Serialization;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Runs;

/// <summary>What a line of the log reports.</summary>
internal enum LogKind
{
    /// <summary>The mean over the updates since the line before.</summary>
    Train,

    /// <summary>A validation.</summary>
    Valid,

    /// <summary>What this update did to each sublayer.</summary>
    Sublayers,

    /// <summary>An examination of the model after this update.</summary>
    Diagnosis,

    /// <summary>An update that the guard against divergence skipped.</summary>
    Skipped,

    /// <summary>
    /// The guard went back to a checkpoint, that of this step; the lines of what it undid are with the offending batch.
    /// </summary>
    Rollback,

    /// <summary>The guard ended training before this update.</summary>
    Stopped,

    /// <summary>Loss or gradient norm jumped.</summary>
    Jump,

    /// <summary>The loss stays where a model without context is.</summary>
    Plateau,
}

/// <summary>
/// A line of <c>log.jsonl</c>. Losses are in nats per target token; a number that is not finite is null and left out.
/// </summary>
internal sealed record LogEntry
{
    /// <summary>What it reports.</summary>
    public required LogKind Kind { get; init; }

    /// <summary>Updates made.</summary>
    public required long Step { get; init; }

    /// <summary>Label-smoothed cross entropy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Loss
    {
        get;
        init => field = Finite(value);
    }

    /// <summary>Negative log-likelihood.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Nll
    {
        get;
        init => field = Finite(value);
    }

    /// <summary><c>exp(nll)</c></summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Perplexity
    {
        get;
        init => field = Finite(value);
    }

    /// <summary>Learning rate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>Norm of the gradient of the mean loss, before clipping, at this update.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GradientNorm
    {
        get;
        init => field = Finite(value);
    }

    /// <summary>Target tokens per second since the line before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TokensPerSecond
    {
        get;
        init => field = Finite(value);
    }

    /// <summary>What this update did to each sublayer, in forward order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SublayerStatistics>? Sublayers { get; init; }

    /// <summary>What an examination found of the encoder and of the decoder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StackDiagnosis>? Diagnosis { get; init; }

    /// <summary>What the guard against divergence encountered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }

    /// <summary>In which part of the model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Where { get; init; }

    /// <summary>The offending batches: their epoch, number of examples and hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Batches { get; init; }

    /// <summary>Where in the run folder they are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Offending { get; init; }

    /// <summary>Rollbacks so far, in a line that reports one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rollbacks { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public required double Seconds { get; init; }

    // JSON has no word for NaN and infinity.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? value : null;
}
