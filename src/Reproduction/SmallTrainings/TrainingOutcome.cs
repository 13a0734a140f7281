namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>How a small training ended.</summary>
public enum TrainingFate
{
    /// <summary>It learned more than guessing.</summary>
    Trained,

    /// <summary>
    /// Its loss stayed near, or returned to, that of a model that guesses: <see cref="TaskText.GuessNll"/>.
    /// </summary>
    Plateau,

    /// <summary>Its loss was not finite.</summary>
    NotFinite,
}

/// <summary>The mean loss over some updates.</summary>
/// <param name="Update">The last of them.</param>
/// <param name="Nll">Their mean negative log-likelihood, in nats per target token.</param>
public sealed record CurvePoint(long Update, double Nll);

/// <summary>The result of a small training.</summary>
/// <param name="Training">The training.</param>
/// <param name="Updates">Number of updates: fewer than requested if the loss was not finite.</param>
/// <param name="Nll">
/// Mean negative log-likelihood over the last tenth of the updates, in nats per target token; null if it is not finite.
/// </param>
/// <param name="ValidNll">That of the validation set at the end, without dropout; null if it is not finite.</param>
/// <param name="GuessNll">That of a model that guesses.</param>
/// <param name="Curve">The loss, in about a hundred points.</param>
/// <param name="Seconds">Time that it took.</param>
public sealed record TrainingOutcome(
    SmallTraining Training,
    int Updates,
    double? Nll,
    double? ValidNll,
    double GuessNll,
    IReadOnlyList<CurvePoint> Curve,
    double Seconds
)
{
    /// <summary>
    /// How far below <see cref="GuessNll"/> the loss must end for the training to count as successful, in nats; reports
    /// use the same distance from word frequencies.
    /// </summary>
    public const double Learned = 0.5;

    /// <summary>How it ended, by the criterion that every study shares.</summary>
    public TrainingFate Fate =>
        Nll is not { } nll ? TrainingFate.NotFinite
        : nll < GuessNll - Learned ? TrainingFate.Trained
        : TrainingFate.Plateau;
}
