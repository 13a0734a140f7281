namespace TransformerClinic.Training.Schedules;

/// <summary>After warm-up in a straight line to zero: <c>peak (max - n) / (max - W)</c>.</summary>
internal sealed class LinearSchedule(ScheduleOptions options, int maxUpdates) : LearningRateSchedule(options)
{
    private readonly (double Peak, int Length) _line = (
        options.LearningRate,
        Math.Max(maxUpdates - options.WarmUpUpdates, 1)
    );

    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) =>
        _line.Peak * Math.Max(maxUpdates - n, 0) / _line.Length;
}
