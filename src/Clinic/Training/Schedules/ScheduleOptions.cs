using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Training.Schedules;

/// <summary>How the learning rate changes after the warm-up.</summary>
public enum ScheduleName
{
    /// <summary>
    /// Falls with the inverse square root of the update number (Vaswani et al. 2017; fairseq's <c>inverse_sqrt</c>).
    /// </summary>
    InverseSqrt,

    /// <summary>Falls in a straight line to zero at <see cref="ScheduleOptions.TotalUpdates"/>.</summary>
    Linear,

    /// <summary>
    /// Falls as half a cosine to <see cref="ScheduleOptions.MinLearningRate"/> at
    /// <see cref="ScheduleOptions.TotalUpdates"/> (fairseq's <c>cosine</c> with one period).
    /// </summary>
    Cosine,

    /// <summary>
    /// Falls as a power of what is left of training to <see cref="ScheduleOptions.MinLearningRate"/> at
    /// <see cref="ScheduleOptions.TotalUpdates"/> (fairseq's <c>polynomial_decay</c>).
    /// </summary>
    Polynomial,

    /// <summary>
    /// Stays, and falls by a factor whenever the validation loss no longer does (fairseq's
    /// <c>reduce_lr_on_plateau</c>).
    /// </summary>
    Plateau,
}

/// <summary>Learning-rate schedule and its constants.</summary>
public sealed record ScheduleOptions : IOptionRules
{
    /// <summary>Which schedule.</summary>
    public ScheduleName Name { get; init; } = ScheduleName.InverseSqrt;

    /// <summary>The highest learning rate, reached at the end of warm-up.</summary>
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 7e-4;

    /// <summary>Updates over which the learning rate rises in a straight line.</summary>
    [Range(1, int.MaxValue)]
    public int WarmUpUpdates { get; init; } = 6000;

    /// <summary>Learning rate of the first update.</summary>
    [Range(0.0, 10.0)]
    public double WarmUpFrom { get; init; } = 1e-7;

    /// <summary>
    /// The update at which linear, cosine and polynomial end (fairseq's <c>--total-num-update</c>); 0 is
    /// <see cref="TrainingOptions.MaxUpdates"/>. Where it is given, another last update leaves the learning rates of
    /// the updates before it as they are.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int TotalUpdates { get; init; }

    /// <summary>Where cosine and polynomial end, and below which plateau does not fall.</summary>
    [Range(0.0, 10.0)]
    public double MinLearningRate { get; init; }

    /// <summary>The exponent of polynomial.</summary>
    [Range(0.01, 100.0)]
    public double Power { get; init; } = 1;

    /// <summary>What plateau multiplies the learning rate by.</summary>
    [Range(0.001, 0.999)]
    public double Factor { get; init; } = 0.1;

    /// <summary>
    /// Validations in a row without improvement after which plateau falls: fairseq's number plus one.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int Patience { get; init; } = 1;

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (LearningRate <= 0)
        {
            yield return $"{section}learningRate is 0: nothing would be learned.";
        }

        var peak = FormattableString.Invariant($"{section}learningRate is {LearningRate}");
        if (WarmUpFrom > LearningRate)
        {
            yield return FormattableString.Invariant($"{section}warmUpFrom is {WarmUpFrom} and {peak}: ")
                + "the warm-up must rise.";
        }

        if (MinLearningRate > LearningRate)
        {
            yield return FormattableString.Invariant($"{section}minLearningRate is {MinLearningRate} and {peak}: ")
                + "the learning rate must not rise after its warm-up.";
        }
    }
}
