namespace TransformerClinic.Training.Schedules;

/// <summary>
/// After warm-up <c>min + (peak - min) (1 - (n - W) / (max - W))^power</c> (fairseq's <c>polynomial_decay</c>, whose
/// end learning rate is min).
/// </summary>
internal sealed class PolynomialSchedule(ScheduleOptions options, int maxUpdates) : LearningRateSchedule(options)
{
    private readonly (double Peak, double Min, double Power) _course = (
        options.LearningRate,
        options.MinLearningRate,
        options.Power
    );

    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) =>
        _course.Min + ((_course.Peak - _course.Min) * Math.Pow(1 - Progress(n, maxUpdates), _course.Power));
}
