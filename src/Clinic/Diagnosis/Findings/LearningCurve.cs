namespace TransformerClinic.Diagnosis.Findings;

/// <summary>How the loss of a run went, as its log tells it, in order of updates.</summary>
internal sealed record LearningCurve
{
    /// <summary>The log's lines of kind "train".</summary>
    public IReadOnlyList<TrainPoint> Train { get; init; } = [];

    /// <summary>The log's lines of kind "valid".</summary>
    public IReadOnlyList<ValidPoint> Valid { get; init; } = [];
}

/// <summary>One line of the log on training.</summary>
internal sealed record TrainPoint
{
    /// <summary>Updates made so far.</summary>
    public required long Step { get; init; }

    /// <summary>The training criterion, label smoothing included, in nats per target token.</summary>
    public required double Loss { get; init; }

    /// <summary>Negative log-likelihood in nats per target token.</summary>
    public required double Nll { get; init; }

    /// <summary><c>exp(Nll)</c></summary>
    public double Perplexity => Math.Exp(Nll);

    /// <summary>Learning rate of this update.</summary>
    public required double LearningRate { get; init; }

    /// <summary>L2 norm of all gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Target tokens trained on in a second.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public double Seconds { get; init; }
}

/// <summary>One line of the log on validation.</summary>
/// <param name="Step">Updates made so far.</param>
/// <param name="Loss">The training criterion on the validation set, in nats per target token.</param>
/// <param name="Nll">Negative log-likelihood in nats per target token.</param>
internal sealed record ValidPoint(long Step, double Loss, double Nll)
{
    /// <summary><c>exp(Nll)</c></summary>
    public double Perplexity => Math.Exp(Nll);
}
