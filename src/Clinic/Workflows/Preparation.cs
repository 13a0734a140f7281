using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;
using TransformerClinic.Data.Stored;
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
    /// <param name="place">
    /// Where the training set is stored, or is stored already, unless the recipe names a folder; null holds one that
    /// is not there yet in memory.
    /// </param>
    /// <param name="counts">
    /// A folder where the words of the text's parts may be counted already; null for none.
    /// </param>
    /// <exception cref="UserErrorException">
    /// A file is missing or damaged, nothing is left to train on, or the set in the folder that the recipe names is of
    /// other text.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static PreparedCorpus Of(
        Recipe recipe,
        IRunConsole console,
        CancellationToken stop,
        SubwordModel? subwords = null,
        CorpusPlace? place = null,
        string? counts = null
    )
    {
        var (data, longest) = (recipe.Data, recipe.Model.MaxPositions);
        data.Train.RequireFullPaths("data.train");
        data.Valid.RequireFullPaths("data.valid");
        data.Test.RequireFullPaths("data.test");
        var progress = new Preparation(console);
        var request = new StoredRequest(data, longest, baseFolder: "", recipe.Subwords, subwords);
        var store = new TrainingStore(request, console);
        var stored =
            data.Prepared.Length > 0 ? store.Named(data.Prepared)
            : place is null ? null
            : store.Own(place.Folder);
        var preparation = new CorpusPreparation(data, longest, baseFolder: "", progress, stop)
        {
            Sink = place is null
                ? (_, _) => new HeldTraining()
                : (model, pairs) => new StoredTraining(place.Store(), pairs, model, request.Origin),
            Counts = counts,
        };
        var corpus =
            stored is not null ? preparation.Around(stored, subwords ?? stored.Subwords())
            : subwords is not null ? preparation.With(subwords)
            : preparation.Learn(recipe.Subwords);
        if (corpus.Train is StoredSet set && data.Train.Missing(folder: "") is null)
        {
            var source = new PairSource(
                data.Train,
                baseFolder: "",
                LanguagePair.Of(data.SourceLanguage, data.TargetLanguage)
            );
            set.Source = new StoredTexts(source, set.Origin.Texts, corpus.Subwords);
        }

        return corpus;
    }

    /// <summary>How often the examples of a prepared corpus occur in training, and in which pieces.</summary>
    /// <exception cref="UserErrorException">Merges cannot be left out of these subwords.</exception>
    public static EpochRules Rules(Recipe recipe, PreparedCorpus corpus) =>
        new(
            CorpusWeights.Of(corpus.Weights),
            SubwordDropout.Of(
                corpus.Subwords,
                recipe.Subwords.Dropout,
                Math.Min(recipe.Data.MaxLength, recipe.Model.MaxPositions)
            )
        );

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
