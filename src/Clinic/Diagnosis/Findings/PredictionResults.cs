using System.Globalization;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What <c>clinic diagnose --before-training</c> found.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Seeds">Seeds of the models.</param>
/// <param name="Predictions">Seed by seed.</param>
/// <param name="EncoderSublayers">Sublayers of the encoder.</param>
/// <param name="LeansFrom">
/// From which of them on its states lean too much on their newest branch, as <see cref="StackFindings.LeansFrom"/>
/// says; null where they do not.
/// </param>
internal sealed record PredictionResults(
    string Name,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<TrainingPrediction> Predictions,
    int EncoderSublayers,
    int? LeansFrom
)
{
    /// <summary>Whether most seeds are predicted to train.</summary>
    public bool Trains => Predictions.Count(prediction => prediction.Trains) * 2 > Predictions.Count;

    /// <summary>The same in a sentence or two.</summary>
    public string Verdict =>
        DiagnosisVerdict.Predict(Predictions)
        + (
            Trains && LeansFrom is { } from && EncoderSublayers >= DiagnosisVerdict.DeepSublayers
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $" That is only about its first updates: its encoder, {EncoderSublayers} sublayers deep, leans on "
                        + $"every branch from the {from}th on, and such models fail later (docs/diagnosis.md)."
                )
                : ""
        );
}
