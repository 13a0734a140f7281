using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Recipes;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows;

/// <summary>Prepares a recipe's text while a console shows how far it is, stage by stage.</summary>
internal sealed class Preparation(IRunConsole console) : IPreparationProgress
{
    /// <summary>The prepared text.</summary>
    /// <param name="recipe">Says where the text is, and how subwords are learned.</param>
    /// <param name="console">Shows how far it is.</param>
    /// <param name="stop">Ends the work.</param>
    /// <param name="subwords">A subword model that is there already; null learns one from the training text.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged, or nothing is left to train on.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static PreparedCorpus Of(
        Recipe recipe,
        IRunConsole console,
        CancellationToken stop,
        SubwordModel? subwords = null
    )
    {
        var (data, longest) = (recipe.Data, recipe.Model.MaxPositions);
        data.Train.RequireFullPaths("data.train");
        data.Valid.RequireFullPaths("data.valid");
        data.Test.RequireFullPaths("data.test");
        var progress = new Preparation(console);
        return subwords is null
            ? PreparedCorpus.Prepare(data, recipe.Subwords, longest, baseFolder: "", progress, stop)
            : PreparedCorpus.Prepare(data, subwords, longest, baseFolder: "", progress, stop);
    }

    /// <inheritdoc/>
    public T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work)
    {
        var (what, unit) = stage switch
        {
            PreparationStage.Reading => ("reading text", "MB"),
            PreparationStage.CountingWords => ("reading text and counting words", "MB"),
            PreparationStage.AddingCounts => ("adding counted words", "parts"),
            PreparationStage.LearningMerges => ("learning merges", "merges"),
            PreparationStage.Encoding => ("encoding text", "pairs"),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "This stage is not known."),
        };
        var clock = Stopwatch.StartNew();
        return console.Work(
            what,
            unit,
            total,
            progress =>
                work(
                    stage == PreparationStage.LearningMerges
                        ? new SlowingProgress(progress, total, () => clock.Elapsed)
                        : new Steady(progress)
                )
        );
    }

    private sealed class Steady(IProgress<WorkDone> inner) : IProgress<double>
    {
        public void Report(double value) => inner.Report(new WorkDone(value));
    }
}
