using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>Whether a training that has not begun will get off the ground.</summary>
/// <param name="Step">How far the largest of the first updates moves a weight.</param>
/// <param name="OutputChange">
/// What a step of that size down the loss would change of the encoder's output, as in
/// <see cref="StackOutputChange.Changes"/>, had it the slope of a small one; from 2 on nothing of the output is left.
/// </param>
/// <param name="Limit">The largest change that is predicted to train.</param>
internal sealed record TrainingPrediction(double Step, double OutputChange, double Limit)
{
    // A factor of 1.4 in the learning rate.
    private const double NearlyAtTheLimit = 2;

    /// <summary>The prediction.</summary>
    public bool Trains => OutputChange <= Limit;

    /// <summary>
    /// Whether the change is within a factor of 2 of the limit, so that the prediction is worth little.
    /// </summary>
    public bool Close => OutputChange > Limit / NearlyAtTheLimit && OutputChange < Limit * NearlyAtTheLimit;
}

/// <summary>
/// A recipe trains if <c>a * s^2 &lt;= limit</c>, where <c>a = E |x^(W) - x^(W - d * sign(dL/dW))|^2 / d^2</c> for a
/// small d: x^ the encoder's last state, standardized over a token's channels, s the largest step that the optimizer
/// makes of a weight in its first <c>horizon</c> updates that move anything. <c>s * sign(dL/dW)</c> is Adam's first
/// update with the learning rate that warm-up soon reaches. Two forward passes, and the backward pass between them that
/// gives the signs; no training.
/// </summary>
/// <remarks>
/// It is only about the first updates: a training that fails later, or for want of updates, data or learning rate, is
/// not foreseen. The numbers are fitted on one half of a grid of small trainings with Post-LN, Pre-LN and Admin and
/// tested on the other (docs/diagnosis.md). A stream that is not normalized on its way bears more: its shortcut hands
/// on what was there, however the branches change.
/// </remarks>
/// <param name="Horizon">How many updates are the first, those that RAdam sits out not counted.</param>
/// <param name="PostNormLimit">
/// The largest change that trains where the encoder normalizes its sums, as Post-LN and Admin do.
/// </param>
/// <param name="PreNormLimit">The same where it does not, as in Pre-LN.</param>
internal sealed record PredictionRule(int Horizon, double PostNormLimit, double PreNormLimit)
{
    /// <summary>The rule that was fitted.</summary>
    public static PredictionRule Fitted { get; } = new(Horizon: 20, PostNormLimit: 2.8, PreNormLimit: 44);

    /// <summary>Predicts; null for stochastic gradient descent.</summary>
    /// <param name="model">The model before its first update, profiled where its variant is, in float64.</param>
    /// <param name="probe">What it reads, and the loss.</param>
    /// <param name="options">How it is going to be trained.</param>
    public TrainingPrediction? Predict(Transformer model, Probe probe, TrainingOptions options) =>
        FirstStep.Of(options, Horizon) is { } step
            ? new TrainingPrediction(step, Amplification(model, probe) * step * step, LimitOf(model.Options.Encoder))
            : null;

    /// <summary>The limit of an encoder's variant.</summary>
    public double LimitOf(StackOptions encoder) => IsPreNorm(encoder) ? PreNormLimit : PostNormLimit;

    /// <summary>Whether connections of a stack hand on their sums as they are.</summary>
    public static bool IsPreNorm(StackOptions stack) => stack.Traits.HandsOnSum;

    /// <summary>
    /// How strongly a model amplifies a step down its loss: what a step s changes of the encoder's output over
    /// <c>s^2</c>, as s goes to 0.
    /// </summary>
    public static double Amplification(Transformer model, Probe probe)
    {
        using var perturbation = WeightPerturbation.GradientSigns(model, probe.Input, probe.Backward);
        return ModelOutputChange.Measure(model, probe.Input, perturbation).Encoder.Changes[^1]
            / (WeightPerturbation.GradientStep * WeightPerturbation.GradientStep);
    }
}
