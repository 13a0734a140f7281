namespace TransformerClinic.Reports;

/// <summary>The numbers a run ended with.</summary>
public sealed record ReportedResults
{
    /// <summary>
    /// Negative log-likelihood of the validation set under the model that was handed on, in nats per target token,
    /// without label smoothing; null if there was no validation.
    /// </summary>
    public double? ValidNll { get; init; }

    /// <summary><c>exp(ValidNll)</c></summary>
    public double? ValidPerplexity => ValidNll is { } nll ? Math.Exp(nll) : null;

    /// <summary>Corpus BLEU of the test set, 0 to 100; null if none was translated.</summary>
    public double? Bleu { get; init; }

    /// <summary>The score's sacreBLEU-style signature; empty without a score.</summary>
    public string BleuSignature { get; init; } = "";

    /// <summary>Updates made.</summary>
    public required long Updates { get; init; }

    /// <summary>Target tokens trained on, padding excluded, repeats counted.</summary>
    public required long TargetTokens { get; init; }

    /// <summary>Seconds of training, over all resumed parts.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Updates that the guard against divergence skipped.</summary>
    public long SkippedUpdates { get; init; }

    /// <summary>How often it went back to a checkpoint.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Trainable parameters, shared matrices counted once.</summary>
    public required long Parameters { get; init; }
}
