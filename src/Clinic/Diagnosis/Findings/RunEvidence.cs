using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What a run is judged by.</summary>
internal sealed record RunEvidence
{
    /// <summary>The encoder's depth and variant.</summary>
    public required StackOptions Encoder { get; init; }

    /// <summary>The decoder's depth and variant.</summary>
    public required StackOptions Decoder { get; init; }

    /// <summary>The trained model that the run began from; null for initial weights.</summary>
    public StartingModel? From { get; init; }

    /// <summary>How the loss went.</summary>
    public LearningCurve Curve { get; init; } = new();

    /// <summary>Updates made.</summary>
    public required long Updates { get; init; }

    /// <summary>
    /// Negative log-likelihood of the final model on the validation set, in nats per target token; null if it was not
    /// measured.
    /// </summary>
    public double? ValidationNll { get; init; }

    /// <summary>
    /// Entropy of the target side's unigram distribution, in nats per token: the lowest loss of a model that knows how
    /// frequent each subword is and nothing else. Null if it was not measured.
    /// </summary>
    public double? UnigramNll { get; init; }

    /// <summary>BLEU of the test set, 0 to 100; null if none was translated.</summary>
    public double? Bleu { get; init; }

    /// <summary>Updates that the guard against divergence skipped.</summary>
    public long SkippedUpdates { get; init; }

    /// <summary>How often it went back to a checkpoint.</summary>
    public int Rollbacks { get; init; }

    /// <summary>What the guard against divergence ended training for; null if it did not.</summary>
    public string? DivergedBecause { get; init; }

    /// <summary>Why training ended, in words that follow "because"; empty if that is not known.</summary>
    public string EndedBecause { get; init; } = "";
}

/// <summary>The trained model that a run began from.</summary>
/// <param name="Name">Its name, such as <c>quickstart/model</c>.</param>
/// <param name="Description">Its name and what is known of its training.</param>
internal sealed record StartingModel(string Name, string Description);
