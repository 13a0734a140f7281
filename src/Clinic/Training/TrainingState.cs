using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Training;

/// <summary>
/// Where a training stands: all that, with weights and the optimizer's state, decides how it goes on.
/// </summary>
public sealed record TrainingState
{
    /// <summary>Updates made, skipped ones included.</summary>
    public long Update { get; init; }

    /// <summary>Passes over the training set that were finished.</summary>
    public int Epoch { get; init; }

    /// <summary>Examples of the present epoch that were used.</summary>
    public int ExamplesSeen { get; init; }

    /// <summary>Target tokens trained on, padding not counted.</summary>
    public long TargetTokens { get; init; }

    /// <summary>Seconds of training, validation included, over all resumed parts.</summary>
    public double Seconds { get; init; }

    /// <summary>Updates that the guard against divergence skipped.</summary>
    public long SkippedUpdates { get; init; }

    /// <summary>Updates in a row, up to now, that were skipped.</summary>
    public int SkippedInARow { get; init; }

    /// <summary>How often training went back to a checkpoint.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Updates whose gradient was clipped.</summary>
    public long ClippedUpdates { get; init; }

    /// <summary>
    /// Losses of the updates since the last one at which the log has a line, skipped ones left out: what the next line
    /// is the mean of.
    /// </summary>
    public LossSums SinceLogged { get; init; } = LossSums.None;

    /// <summary>The lowest of the validation losses that every run of the recipe measures.</summary>
    public BestValidation Best { get; init; } = BestValidation.None;

    /// <summary>What the learning-rate schedule remembers.</summary>
    public ScheduleState Schedule { get; init; } = ScheduleState.Begin;

    /// <summary>What the guard against divergence remembers.</summary>
    public RecentUpdates Recent { get; init; } = RecentUpdates.None;

    /// <summary>
    /// What profiling found, before this training or before that of the model that it began from; null for models
    /// without Admin connections.
    /// </summary>
    public AdminProfile? Profile { get; init; }
}
