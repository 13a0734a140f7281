using TransformerClinic.Training;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// How far an Adam-type optimizer moves a weight in one of its first updates. While a gradient keeps its sign, <c>m /
/// sqrt(v)</c> is about 1 after bias correction, whatever the gradient's size, so the step is the learning rate, times
/// RAdam's rectification.
/// </summary>
internal static class FirstStep
{
    // RAdam waits longest, some dozens of updates, where beta2 is small.
    private const int MostIdle = 100;

    /// <summary>
    /// The largest step among the first <paramref name="horizon"/> updates that move anything, which RAdam's first five
    /// do not; null for stochastic gradient descent, whose steps are as large as the gradients.
    /// </summary>
    public static double? Of(TrainingOptions options, int horizon)
    {
        if (options.Optimizer.Name == OptimizerName.Sgd)
        {
            return null;
        }

        var schedule = LearningRateSchedule.Create(options.Schedule, options.MaxUpdates);
        return Enumerable
            .Range(1, MostIdle + horizon)
            .Select(update => schedule.At(update, ScheduleState.Begin) * Rectification(options.Optimizer, update))
            .SkipWhile(step => step == 0)
            .Take(horizon)
            .DefaultIfEmpty()
            .Max();
    }

    private static double Rectification(OptimizerOptions options, int update) =>
        options.Name == OptimizerName.Radam
            ? RAdam.Factor(update, options.Beta1, options.Beta2)
                * (1 - Math.Pow(options.Beta1, update))
                / Math.Sqrt(1 - Math.Pow(options.Beta2, update))
            : 1;
}
