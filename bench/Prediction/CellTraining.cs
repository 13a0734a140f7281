using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Bench.Prediction;

/// <summary>The result of a training of the grid.</summary>
/// <param name="Cell">Which.</param>
/// <param name="Updates">Updates run.</param>
/// <param name="Nll">
/// Mean negative log-likelihood over the last tenth of the updates, in nats per target token; null if it is not finite.
/// </param>
/// <param name="GuessNll">That of a model that guesses: <see cref="TaskText.GuessNll"/>.</param>
/// <param name="Seconds">Time of the training.</param>
internal sealed record CellOutcome(GridCell Cell, int Updates, double? Nll, double GuessNll, double Seconds)
{
    /// <summary>Whether it learned more than guessing.</summary>
    public bool Trained => Nll < GuessNll - TrainingOutcome.Learned;
}

/// <summary>Trains one cell of the grid, on one thread.</summary>
internal static class CellTraining
{
    public static CellOutcome Run(GridCell cell, TaskText text)
    {
        using var session = new TrainingSession(
            new SmallTraining(GridCell.Text, cell.Model, cell.Training, cell.Seed),
            text
        );
        var outcome = session.Run();
        return new CellOutcome(cell, outcome.Updates, outcome.Nll, outcome.GuessNll, outcome.Seconds);
    }
}
