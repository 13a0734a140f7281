namespace TransformerClinic.Training.Schedules;

/// <summary>
/// After warm-up half a cosine: <c>min + (peak - min) (1 + cos(pi (n - W) / (max - W))) / 2</c>, which is fairseq's
/// <c>cosine</c> with one period that ends with training (Loshchilov and Hutter 2017, without restarts).
/// </summary>
internal sealed class CosineSchedule(ScheduleOptions options, int maxUpdates) : LearningRateSchedule(options)
{
    private readonly (double Peak, double Min) _range = (options.LearningRate, options.MinLearningRate);

    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) =>
        _range.Min + (0.5 * (_range.Peak - _range.Min) * (1 + Math.Cos(Math.PI * Progress(n, maxUpdates))));
}
