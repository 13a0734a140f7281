namespace TransformerClinic.Training;

/// <summary>
/// The learning rate of update t = 1, 2, ... From <c>n = t - 1</c>, as fairseq counts: the first update runs at the warm-up's
/// starting rate.
/// </summary>
/// <remarks>
/// Warm-up of W updates: <c>from + n (peak - from) / W</c>. Then inverse square root: <c>peak sqrt(W / n)</c>; or linear:
/// <c>peak (max - n) / (max - W)</c>.
/// </remarks>
public sealed class LearningRateSchedule(ScheduleOptions options, int maxUpdates)
{
    /// <summary>The learning rate of an update, counted from 1.</summary>
    public double At(long update)
    {
        var n = update - 1;
        var (peak, from, warmUp) = (options.LearningRate, options.WarmUpFrom, options.WarmUpUpdates);
        if (n < warmUp)
        {
            return from + (n * (peak - from) / warmUp);
        }

        return options.Name switch
        {
            ScheduleName.InverseSqrt => peak * Math.Sqrt(warmUp) / Math.Sqrt(n),
            ScheduleName.Linear => peak * Math.Max(maxUpdates - n, 0) / Math.Max(maxUpdates - warmUp, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(update), options.Name, "This schedule is not known."),
        };
    }
}
