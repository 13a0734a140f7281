namespace TransformerClinic.Training.Schedules;

/// <summary>
/// A rate that grows by the same factor at every update, to try them all: <c>from (to / from)^(n / (N - 1))</c> of
/// update <c>n + 1</c> (Smith 2018, 1803.09820). No recipe can name it.
/// </summary>
/// <param name="from">The rate of the first update.</param>
/// <param name="to">The rate of the last.</param>
/// <param name="updates">N, 2 or more.</param>
internal sealed class RampSchedule(double from, double to, int updates)
    : LearningRateSchedule(
        new ScheduleOptions
        {
            LearningRate = to,
            WarmUpFrom = from,
            WarmUpUpdates = 1,
        }
    )
{
    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) =>
        from * Math.Pow(to / from, n / (double)(updates - 1));
}
