namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What <c>clinic diagnose --before-training</c> found.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Seeds">Seeds of the models.</param>
/// <param name="Predictions">Seed by seed.</param>
internal sealed record PredictionResults(
    string Name,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<TrainingPrediction> Predictions
)
{
    /// <summary>Whether most seeds are predicted to train.</summary>
    public bool Trains => Predictions.Count(prediction => prediction.Trains) * 2 > Predictions.Count;

    /// <summary>
    /// Sound where all seeds clearly train, unstable where none does, doubtful otherwise.
    /// </summary>
    public DiagnosisOutcome Outcome => PredictionWords.Expect(Predictions);

    /// <summary>The same in a sentence or two.</summary>
    public string Verdict => PredictionWords.Of(Predictions);
}
