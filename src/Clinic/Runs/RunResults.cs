using System.Text.Json.Serialization;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>The results of a run, as <c>results.json</c> holds it.</summary>
public sealed record RunResults
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>
    /// The trained model that it began from, with its hash and what is known of its training; null for initial weights.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Residual variant of the encoder.</summary>
    public required ResidualVariant EncoderVariant { get; init; }

    /// <summary>Residual variant of the decoder.</summary>
    public required ResidualVariant DecoderVariant { get; init; }

    /// <summary>Layers of the encoder.</summary>
    public required int EncoderLayers { get; init; }

    /// <summary>Layers of the decoder.</summary>
    public required int DecoderLayers { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Parameters of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Why training ended.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>The same in words.</summary>
    public string EndedBecause { get; init; } = "";

    /// <summary>Updates made.</summary>
    public required long Updates { get; init; }

    /// <summary>Updates that the guard against divergence skipped.</summary>
    public required long SkippedUpdates { get; init; }

    /// <summary>How often it went back to a checkpoint.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Target tokens trained on.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds of training.</summary>
    public required double Seconds { get; init; }

    /// <summary>Checkpoints averaged into the final model.</summary>
    public required int Averaged { get; init; }

    /// <summary>
    /// Decay of the moving averages that were averaged in the place of the weights; 0 for the weights themselves.
    /// </summary>
    public double Ema { get; init; }

    /// <summary>
    /// Label-smoothed validation loss of the final model, in nats per target token; null if it is not finite.
    /// </summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Validation perplexity of the final model; null if it is not finite.</summary>
    public required double? ValidationPerplexity { get; init; }

    /// <summary>
    /// Negative log-likelihood of the final model on the validation set, in nats per target token; null if it is not
    /// finite.
    /// </summary>
    [JsonIgnore]
    public double? ValidationNll => ValidationPerplexity is { } perplexity ? Math.Log(perplexity) : null;

    /// <summary>
    /// Negative log-likelihood on the validation set of a model that knows the frequencies of target tokens and nothing
    /// else, in nats per target token.
    /// </summary>
    public required double UnigramNll { get; init; }

    /// <summary>BLEU of the test set, unrounded; null without a test set.</summary>
    public double? Bleu { get; init; }

    /// <summary>What the BLEU score was computed with.</summary>
    public string? BleuSignature { get; init; }

    /// <summary>How the training went.</summary>
    public RunOutcome Outcome { get; init; } = RunOutcome.Unknown;

    /// <summary>The same in a sentence.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Whether it gave no usable model.</summary>
    [JsonIgnore]
    public bool Failed => Outcome is RunOutcome.Stuck or RunOutcome.Diverged;
}
