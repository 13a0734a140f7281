namespace TransformerClinic.Training.Schedules;

/// <summary>
/// The learning rate of update t = 1, 2, ... From <c>n = t - 1</c>, as fairseq counts: the first update runs at the
/// warm-up's starting rate. Warm-up of W updates: <c>from + n (peak - from) / W</c>; how it goes on, the subclasses
/// say.
/// </summary>
public abstract class LearningRateSchedule(ScheduleOptions options)
{
    /// <summary>A schedule by its name.</summary>
    public static LearningRateSchedule Create(ScheduleOptions options, int maxUpdates) =>
        options.Name switch
        {
            ScheduleName.InverseSqrt => new InverseSqrtSchedule(options),
            ScheduleName.Linear => new LinearSchedule(options, maxUpdates),
            ScheduleName.Cosine => new CosineSchedule(options, maxUpdates),
            ScheduleName.Polynomial => new PolynomialSchedule(options, maxUpdates),
            ScheduleName.Plateau => new PlateauSchedule(options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Name, "This schedule is not known."),
        };

    /// <summary>
    /// Whether a schedule reaches its end at the last update: another last update is then another learning rate at
    /// every update.
    /// </summary>
    public static bool EndsWithTraining(ScheduleName name) =>
        name is ScheduleName.Linear or ScheduleName.Cosine or ScheduleName.Polynomial;

    /// <summary>The learning rate of an update, counted from 1.</summary>
    /// <param name="update">The update.</param>
    /// <param name="state">What the schedule has made of the validations so far.</param>
    public double At(long update, ScheduleState state)
    {
        var n = update - 1;
        var (peak, from, warmUp) = (options.LearningRate, options.WarmUpFrom, options.WarmUpUpdates);
        return n < warmUp ? from + (n * (peak - from) / warmUp) : AfterWarmUp(n, state);
    }

    /// <summary>What a schedule makes of the validation after an update; most look at none.</summary>
    public virtual ScheduleState After(ScheduleState state, long update, double validationLoss) => state;

    /// <summary>The learning rate after <c>n &gt;= W</c> updates.</summary>
    protected abstract double AfterWarmUp(long n, ScheduleState state);

    /// <summary>
    /// <c>(n - W) / (max - W)</c>, how far training is from the end of warm-up to its last update: 0 to 1.
    /// </summary>
    protected double Progress(long n, int maxUpdates) =>
        Math.Clamp((n - options.WarmUpUpdates) / (double)Math.Max(maxUpdates - options.WarmUpUpdates, 1), 0, 1);
}
