namespace TransformerClinic.Runs.Diagnoses;

/// <summary>What <c>clinic diagnose --before-training</c> found.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Seeds">Seeds of the models.</param>
/// <param name="Predictions">Seed by seed.</param>
public sealed record PredictionResults(string Name, IReadOnlyList<long> Seeds, IReadOnlyList<TrainingPrediction> Predictions)
{
    /// <summary>Whether most seeds are predicted to train.</summary>
    public bool Trains => Predictions.Count(prediction => prediction.Trains) * 2 > Predictions.Count;

    /// <summary>The same in a sentence.</summary>
    public string Verdict => DiagnosisVerdict.Predict(Predictions);
}
