using TransformerClinic.Common;

namespace TransformerClinic.Training.Schedules;

/// <summary>
/// The learning rate of update t = 1, 2, ... From <c>n = t - 1</c>, as fairseq counts: the first update runs at the
/// warm-up's starting rate. Warm-up of W updates: <c>from + n (peak - from) / W</c>; the subclasses say how it
/// continues.
/// </summary>
internal abstract class LearningRateSchedule(ScheduleOptions options)
{
    private const string Section = "training.schedule";

    private readonly ScheduleOptions _options = OptionCheck.Valid(options, Section);

    /// <summary>A schedule by its name.</summary>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public static LearningRateSchedule Create(ScheduleOptions options, int maxUpdates)
    {
        var end = End(options, maxUpdates);
        return OptionCheck.Valid(options, Section).Name switch
        {
            ScheduleName.InverseSqrt => new InverseSqrtSchedule(options),
            ScheduleName.Linear => new LinearSchedule(options, end),
            ScheduleName.Cosine => new CosineSchedule(options, end),
            ScheduleName.Polynomial => new PolynomialSchedule(options, end),
            ScheduleName.Plateau => new PlateauSchedule(options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Name, "This schedule is not known."),
        };
    }

    /// <summary>Whether a schedule has an end that it falls to.</summary>
    public static bool HasEnd(ScheduleName name) =>
        name is ScheduleName.Linear or ScheduleName.Cosine or ScheduleName.Polynomial;

    /// <summary>The update at which a schedule reaches its end; the last one where it has none of its own.</summary>
    public static int End(ScheduleOptions options, int maxUpdates) =>
        HasEnd(options.Name) && options.TotalUpdates > 0 ? options.TotalUpdates : maxUpdates;

    /// <summary>
    /// Whether a schedule reaches its end at the last update: another last update is then another learning rate at
    /// every update.
    /// </summary>
    public static bool EndsWithTraining(ScheduleOptions options) => HasEnd(options.Name) && options.TotalUpdates == 0;

    /// <summary>The learning rate of an update, counted from 1.</summary>
    /// <param name="update">The update.</param>
    /// <param name="state">What the schedule has made of the validations so far.</param>
    public double At(long update, ScheduleState state)
    {
        var n = update - 1;
        var (peak, from, warmUp) = (_options.LearningRate, _options.WarmUpFrom, _options.WarmUpUpdates);
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
        Math.Clamp((n - _options.WarmUpUpdates) / (double)Math.Max(maxUpdates - _options.WarmUpUpdates, 1), 0, 1);
}

/// <summary>
/// What a schedule remembers of the validations so far; only <see cref="PlateauSchedule"/> ever changes it.
/// </summary>
/// <param name="Best">
/// The lowest validation loss; the count since then begins again whenever the learning rate falls.
/// </param>
/// <param name="Factor">What the learning rate after warm-up is multiplied by.</param>
internal sealed record ScheduleState(BestValidation Best, double Factor)
{
    /// <summary>Before any validation.</summary>
    public static ScheduleState Begin { get; } = new(BestValidation.None, 1);
}
