namespace TransformerClinic.Training.Schedules;

/// <summary>
/// What a schedule remembers of the validations so far; only <see cref="PlateauSchedule"/> ever changes it.
/// </summary>
/// <param name="Best">
/// The lowest validation loss; the count since then begins again whenever the learning rate falls.
/// </param>
/// <param name="Factor">What the learning rate after warm-up is multiplied by.</param>
public sealed record ScheduleState(BestValidation Best, double Factor)
{
    /// <summary>Before any validation.</summary>
    public static ScheduleState Begin { get; } = new(BestValidation.None, 1);
}
