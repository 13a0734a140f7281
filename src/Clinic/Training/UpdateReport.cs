using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Training;

/// <summary>What one update did.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="Loss">Label-smoothed cross entropy, in nats per target token.</param>
/// <param name="Nll">Negative log-likelihood, in nats per target token.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">Norm of the gradient of the mean loss, before clipping.</param>
/// <param name="TargetTokens">Target tokens, padding not counted.</param>
/// <param name="Incident">What the guard against divergence encountered; null where all was well.</param>
internal sealed record UpdateReport(
    long Update,
    double Loss,
    double Nll,
    double LearningRate,
    double GradientNorm,
    int TargetTokens,
    Incident? Incident
)
{
    /// <summary>What it did to each sublayer, in forward order; null where that was not measured.</summary>
    public IReadOnlyList<SublayerStatistics>? Sublayers { get; init; }

    /// <summary>Whether the update was not made because of what the guard encountered.</summary>
    public bool Skipped => Incident is { Treatment: not Treatment.Told };
}

/// <summary>What a validation found, in nats per target token.</summary>
/// <param name="Update">Updates made before it.</param>
/// <param name="Loss">Label-smoothed cross entropy.</param>
/// <param name="Nll">Negative log-likelihood.</param>
internal sealed record ValidationReport(long Update, double Loss, double Nll)
{
    /// <summary><c>exp(nll)</c></summary>
    public double Perplexity => Math.Exp(Nll);
}
