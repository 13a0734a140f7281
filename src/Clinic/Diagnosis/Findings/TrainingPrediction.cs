using System.Text.Json.Serialization;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>Whether a training that has not begun will train.</summary>
/// <param name="Step">p, how far the largest of all updates moves a weight.</param>
/// <param name="OutputChange">
/// <c>a p^2</c>, what a step of that size down the loss would change of the encoder's output, as in
/// <see cref="StackOutputChange.Changes"/>, had it the slope of a small one.
/// </param>
/// <param name="Limit">The largest change that is predicted to train.</param>
internal sealed record TrainingPrediction(double Step, double OutputChange, double Limit)
{
    /// <summary>
    /// A change within this factor of the limit is near it: a factor of 2 in the learning rate. Of the trainings that
    /// the rule was fitted on, nine in ten at that distance end as it says.
    /// </summary>
    public const double Nearly = 4;

    /// <summary>Mean cosine of two tokens of a sentence after the encoder's last sublayer.</summary>
    public double? Similarity { get; init; }

    /// <summary>The prediction.</summary>
    public bool Trains => OutputChange <= Limit;

    /// <summary>Whether the change is near the limit, so that the prediction is worth little.</summary>
    public bool Close => OutputChange > Limit / Nearly && OutputChange < Limit * Nearly;

    /// <summary>
    /// <c>p sqrt(limit / (a p^2))</c>: the largest step, and so about the largest peak learning rate, that is predicted
    /// to train with the recipe's shape of warm-up.
    /// </summary>
    public double TolerableStep => Step * Math.Sqrt(Limit / OutputChange);

    /// <summary>Whether it clearly trains, clearly fails (false), or neither (null).</summary>
    [JsonIgnore]
    public bool? Clearly => Close ? null : Trains;
}
