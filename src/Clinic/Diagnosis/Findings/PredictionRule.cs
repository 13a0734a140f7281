using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// A recipe trains if <c>a p^2 &lt;= L min((p / f)^2, M)^w (1 - s)^q</c>: a the encoder's amplification of a step down
/// the loss, p the largest step of all updates, f the largest of the first <c>horizon</c>, s the similarity of tokens
/// at the encoder's output (<see cref="TrainingSigns"/>). L is one number for encoders that normalize their sums and
/// one for those that do not: their shortcut hands on what was there, however the branches change. A few
/// forward passes and one backward pass; no training.
/// </summary>
/// <remarks>
/// A warm-up lets a model bear more, but no more than M, the most that the grid has shown: nobody has seen one rescue a
/// deep Post-LN model by being longer. Where tokens are alike before training, gradients are of no use. The numbers are
/// fitted by logistic regression on one half of a grid of small trainings with Post-LN, Pre-LN and Admin, and tested on
/// the other half, on other grids and on the shipped recipes (docs/diagnosis.md).
/// </remarks>
/// <param name="Horizon">How many updates are the first, those that RAdam sits out not counted.</param>
/// <param name="PostNormLimit">L where the encoder normalizes its sums, as Post-LN and Admin do.</param>
/// <param name="PreNormLimit">The same where it does not, as in Pre-LN.</param>
/// <param name="WarmUpPower">w</param>
/// <param name="SimilarityPower">q</param>
internal sealed record PredictionRule(
    int Horizon,
    double PostNormLimit,
    double PreNormLimit,
    double WarmUpPower,
    double SimilarityPower
)
{
    /// <summary>M: 100 updates of warm-up, of which the 20th moves 0.19 of the peak.</summary>
    public const double MostWarmUp = 27.7;

    // Beyond that a cosine in float64 says nothing.
    private const double LeastDistance = 1e-6;

    /// <summary>The rule that was fitted.</summary>
    public static PredictionRule Fitted { get; } =
        new(Horizon: 20, PostNormLimit: 4, PreNormLimit: 23, WarmUpPower: 1.1, SimilarityPower: 0.76);

    /// <summary>Predicts; null for stochastic gradient descent.</summary>
    /// <param name="model">The model before its first update, profiled where its variant is, in float64.</param>
    /// <param name="probe">What it reads, and the loss.</param>
    /// <param name="options">How it is going to be trained.</param>
    public TrainingPrediction? Predict(Transformer model, Probe probe, TrainingOptions options) =>
        TrainingSigns.Of(model, probe, options, Horizon) is { } signs ? Predict(signs, model.Options.Encoder) : null;

    /// <summary>Predicts from what was measured.</summary>
    public TrainingPrediction Predict(TrainingSigns signs, StackOptions encoder) =>
        new(signs.PeakStep, signs.Amplification * signs.PeakStep * signs.PeakStep, LimitOf(signs, encoder))
        {
            Similarity = double.IsFinite(signs.Similarity) ? signs.Similarity : null,
        };

    /// <summary>The largest change that is predicted to train.</summary>
    public double LimitOf(TrainingSigns signs, StackOptions encoder) =>
        (IsPreNorm(encoder) ? PreNormLimit : PostNormLimit)
        * Math.Pow(WarmUp(signs), WarmUpPower)
        * Math.Pow(Distance(signs), SimilarityPower);

    /// <summary><c>min((p / f)^2, M)</c></summary>
    public static double WarmUp(TrainingSigns signs) =>
        Math.Min(signs.PeakStep * signs.PeakStep / (signs.FirstStep * signs.FirstStep), MostWarmUp);

    /// <summary><c>1 - s</c>, at least a millionth; 1 where there is no pair of tokens.</summary>
    public static double Distance(TrainingSigns signs) =>
        double.IsFinite(signs.Similarity) ? Math.Max(1 - signs.Similarity, LeastDistance) : 1;

    /// <summary>Whether connections of a stack hand on their sums as they are.</summary>
    public static bool IsPreNorm(StackOptions stack) => stack.Traits.HandsOnSum;
}
