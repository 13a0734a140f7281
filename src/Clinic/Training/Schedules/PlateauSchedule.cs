namespace TransformerClinic.Training.Schedules;

/// <summary>
/// After warm-up <c>max(min, peak f)</c>. f begins at 1 and is multiplied by <see cref="ScheduleOptions.Factor"/>
/// whenever <see cref="ScheduleOptions.Patience"/> validations in a row brought no improvement (fairseq's
/// <c>reduce_lr_on_plateau</c>, whose patience is one less). An improvement is a loss below the best so far by more
/// than a ten-thousandth of it; validations during warm-up do not count.
/// </summary>
internal sealed class PlateauSchedule(ScheduleOptions options) : LearningRateSchedule(options)
{
    // The default of fairseq and of torch.optim.lr_scheduler.ReduceLROnPlateau.
    private const double Threshold = 1e-4;

    private readonly ScheduleOptions _options = options;

    /// <inheritdoc/>
    public override ScheduleState After(ScheduleState state, long update, double validationLoss)
    {
        if (update <= _options.WarmUpUpdates)
        {
            return state;
        }

        var best = state.Best.After(update, validationLoss, Threshold);
        return best.Since < _options.Patience
            ? state with
            {
                Best = best,
            }
            : new ScheduleState(best with { Since = 0 }, state.Factor * _options.Factor);
    }

    /// <inheritdoc/>
    protected override double AfterWarmUp(long n, ScheduleState state) =>
        Math.Max(_options.LearningRate * state.Factor, _options.MinLearningRate);
}
