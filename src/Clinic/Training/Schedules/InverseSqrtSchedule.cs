namespace TransformerClinic.Training.Schedules;

/// <summary>After warm-up <c>peak sqrt(W / n)</c> (Vaswani et al. 2017; fairseq's <c>inverse_sqrt</c>).</summary>
internal sealed class InverseSqrtSchedule(ScheduleOptions options) : LearningRateSchedule(options)
{
    private readonly double _scale = options.LearningRate * Math.Sqrt(options.WarmUpUpdates);

    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) => _scale / Math.Sqrt(n);
}
