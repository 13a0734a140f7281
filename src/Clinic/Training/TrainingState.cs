using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Training;

/// <summary>
/// The state of a training: all that, with weights and the optimizer's state, decides how it continues.
/// </summary>
internal sealed record TrainingState
{
    /// <summary>Updates made, skipped ones included.</summary>
    public long Update { get; init; }

    /// <summary>Passes over the training set that were finished.</summary>
    public int Epoch { get; init; }

    /// <summary>Examples of the present epoch that were used.</summary>
    public long ExamplesSeen { get; init; }

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

/// <summary>The lowest validation loss so far, and how long ago it was.</summary>
/// <param name="Loss">The loss, label-smoothed, in nats per target token; null while there was no finite one.</param>
/// <param name="Update">The update after which it was measured.</param>
/// <param name="Since">Validations in a row since then, none of which was an improvement.</param>
internal sealed record BestValidation(double? Loss, long Update, int Since)
{
    /// <summary>Before any validation.</summary>
    public static BestValidation None { get; } = new(null, 0, 0);

    /// <summary>
    /// What one more validation makes of it: an improvement is a loss below <c>best (1 - threshold)</c>; one that is
    /// not finite is none.
    /// </summary>
    public BestValidation After(long update, double loss, double threshold = 0) =>
        double.IsFinite(loss) && (Loss is not { } best || loss < best * (1 - threshold))
            ? new BestValidation(loss, update, 0)
            : this with
            {
                Since = Since + 1,
            };
}
