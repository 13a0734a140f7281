using System.Globalization;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>A prediction before training, in a clause.</summary>
internal static class PredictionWords
{
    /// <summary>
    /// A mean cosine above which decoders were late to find their source, and below which they were not: 0.15 to 0.45
    /// were early, 0.65 and 0.72 late (docs/results.md).
    /// </summary>
    private const double LateSource = 0.6;

    /// <summary>What is expected of all seeds.</summary>
    public static DiagnosisOutcome Expect(IReadOnlyList<TrainingPrediction> predictions) =>
        predictions.All(prediction => prediction.Clearly == true) ? DiagnosisOutcome.Sound
        : predictions.All(prediction => prediction.Clearly == false) ? DiagnosisOutcome.Unstable
        : DiagnosisOutcome.Doubtful;

    /// <summary>The prediction, to follow a model's name.</summary>
    public static string Of(IReadOnlyList<TrainingPrediction> predictions)
    {
        var change = predictions.Average(prediction => prediction.OutputChange);
        var limit = predictions.Average(prediction => prediction.Limit);
        var tolerable = predictions.Min(prediction => prediction.TolerableStep);
        var alike = predictions.Average(prediction => prediction.Similarity) is { } similarity
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; tokens have a mean cosine of {similarity:0.000} at the encoder's output before training"
                    + $"{Late(similarity)}"
            )
            : "";
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"at the peak of the learning rate an update moves each weight by {predictions[0].Step:0.0e0}, which would "
                + $"change the encoder's output by {change:g2}, and it bears {limit:g2}{alike}. The largest peak that "
                + $"it would bear is about {tolerable:0.0e0} (docs/diagnosis.md)."
        );
        return Expect(predictions) switch
        {
            DiagnosisOutcome.Sound => $"should train: {what}",
            DiagnosisOutcome.Unstable => $"will not train: {what}",
            _ => $"may or may not train: {what}",
        };
    }

    private static string Late(double similarity) =>
        similarity > LateSource ? ", so alike that a decoder takes long to find its source" : "";
}
