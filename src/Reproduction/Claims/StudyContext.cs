using TransformerClinic.Common;
using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Claims;

/// <summary>What a study needs to run: a budget, texts, finished trainings, workers, and an observer.</summary>
internal sealed class StudyContext(
    StudyBudget budget,
    TaskTexts texts,
    TrainingStore store,
    int threads,
    IRunConsole console,
    CancellationToken stop
)
{
    private double _storedSeconds;

    /// <summary>How much time there is.</summary>
    public StudyBudget Budget => budget;

    /// <summary>Texts to train on and to examine models with.</summary>
    public TaskTexts Texts => texts;

    /// <summary>Tells a study to stop.</summary>
    public CancellationToken Stop => stop;

    /// <summary>
    /// Seconds that the reused trainings took when they ran, in parallel as now.
    /// </summary>
    public double StoredSeconds => _storedSeconds / threads;

    /// <summary>One value for minutes, one for hours.</summary>
    public T Pick<T>(T minutes, T hours) => budget == StudyBudget.Minutes ? minutes : hours;

    /// <summary>
    /// Does some work for each item, items in parallel, each on one libtorch thread; results are in the order of the
    /// items.
    /// </summary>
    /// <param name="what">What is done, such as <c>measuring</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="work">The work for one; it must not depend on that for another.</param>
    public IReadOnlyList<TResult> Each<TItem, TResult>(
        string what,
        IReadOnlyList<TItem> items,
        Func<TItem, TResult> work
    ) =>
        console.Work(
            what,
            "models",
            items.Count,
            progress =>
            {
                var (results, done) = (new TResult[items.Count], new SharedCount(progress));
                using var workers = new WorkerThreads(Math.Clamp(threads, 1, items.Count));
                workers.ForEach(
                    items.Count,
                    (_, i) =>
                    {
                        stop.ThrowIfCancellationRequested();
                        results[i] = work(items[i]);
                        done.Add(1);
                    }
                );
                return results;
            }
        );

    /// <summary>
    /// Runs trainings in parallel; stored ones are reused, and each is stored as it ends.
    /// </summary>
    /// <returns>Their outcomes, in the order of the trainings.</returns>
    public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<SmallTraining> trainings)
    {
        // Long trainings first, so that no worker is left with one when the others are done.
        SmallTraining[] missing =
        [
            .. trainings
                .Distinct()
                .Where(training => !store.Has(training))
                .OrderByDescending(training => (long)training.Training.MaxUpdates * training.Sublayers),
        ];
        _storedSeconds += trainings.Distinct().Except(missing).Sum(training => store.Read(training).Seconds);
        if (missing.Length > 0)
        {
            console.Work(
                "training",
                "updates",
                missing.Sum(training => (double)training.Training.MaxUpdates),
                progress =>
                {
                    var done = new SharedCount(progress);
                    using var workers = new WorkerThreads(Math.Clamp(threads, 1, missing.Length));
                    workers.ForEach(
                        missing.Length,
                        (_, i) => store.Make(missing[i], texts.Of(missing[i].Text), done, stop)
                    );
                    return missing.Length;
                }
            );
        }

        return [.. trainings.Select(store.Read)];
    }

    /// <summary>The weights of a training that keeps them, in a new model.</summary>
    public Model.Transformer Load(SmallTraining training) => store.Load(training, texts.Of(training.Text));
}
