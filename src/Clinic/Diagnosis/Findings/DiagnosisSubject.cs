using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Workflows;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// What is examined: the initial models of a recipe, one a seed, the trained model that a recipe begins from, or a
/// model that was trained.
/// </summary>
/// <param name="Name">The recipe's or the model's name.</param>
/// <param name="Model">Its shape.</param>
/// <param name="Seeds">
/// Seeds of the models; of a trained one a single one, which decides the perturbations alone.
/// </param>
/// <param name="Examples">
/// What it reads: the training set of a recipe, the validation set of a trained model's run.
/// </param>
/// <param name="Vocabulary">Size of its vocabulary.</param>
/// <param name="Training">How it is going to be trained; null for a trained model that is examined by itself.</param>
/// <param name="Load">Loads the trained model; null for a recipe that begins from initial weights.</param>
/// <param name="Course">How the training of a model in a run folder went; null where there is none to tell of.</param>
internal sealed record DiagnosisSubject(
    string Name,
    ModelOptions Model,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<ParallelExample> Examples,
    int Vocabulary,
    TrainingOptions? Training,
    Func<Transformer>? Load,
    CourseOfTraining? Course = null
)
{
    private const int DefaultSeeds = 3;

    // Enough for stable means, few enough for a diagnosis in minutes.
    private const int MostTokens = 1024;

    /// <summary>Label smoothing of the loss whose gradients are measured.</summary>
    public double Smoothing => (Training ?? new TrainingOptions()).LabelSmoothing;

    /// <summary>Whether the model is trained already.</summary>
    public bool IsTrained => Load is not null;

    /// <summary>Prepares what the options name.</summary>
    /// <exception cref="UserErrorException">There is no such recipe or model, or no text for it.</exception>
    public static DiagnosisSubject Of(DiagnosisOptions options, IRunConsole console, CancellationToken stop) =>
        Directory.Exists(options.Subject) ? OfModel(options, console, stop) : OfRecipe(options, console, stop);

    /// <summary>The first training batches that a seed gives, of no more tokens than an examination needs.</summary>
    public IReadOnlyList<Batch> Batches(long seed, int count)
    {
        var cursor = new BatchCursor(
            new TokenBatches(Examples, Math.Min(MostTokens, (Training ?? new TrainingOptions()).TokensPerBatch)),
            seed
        );
        return [.. Enumerable.Range(0, count).Select(_ => cursor.Next())];
    }

    /// <summary>
    /// The model of a seed as it is before its first update, profiled where its variant is; or the trained model.
    /// </summary>
    public Transformer Create(ModelOptions shape, long seed)
    {
        if (Load is not null)
        {
            return Load();
        }

        var model = new Transformer(shape, Vocabulary, Text.Vocabulary.Pad, seed);
        var cursor = new BatchCursor(new TokenBatches(Examples, Training!.TokensPerBatch), seed);
        ModelProfiling.Run(
            model,
            [.. Enumerable.Range(0, Training.Profiling.Batches).Select(_ => cursor.Next())],
            Training.Profiling,
            seed,
            CPU
        );
        return model;
    }

    private static DiagnosisSubject OfRecipe(DiagnosisOptions options, IRunConsole console, CancellationToken stop)
    {
        var recipe = RecipeReader.Read(options.Subject, options.Overrides, options.OverrideOrigin);
        if (recipe.Training.From.Length > 0)
        {
            return OfBaseModel(options, recipe, console, stop);
        }

        var corpus = Preparation.Of(recipe, console, stop);
        return new DiagnosisSubject(
            recipe.Name,
            recipe.Model,
            options.Seeds ?? [.. Enumerable.Range(0, DefaultSeeds).Select(i => recipe.Seed + i)],
            corpus.Train.Examples,
            corpus.Subwords.Vocabulary.Count,
            recipe.Training,
            Load: null
        );
    }

    /// <summary>The model that a recipe begins from, as it is before the recipe's first update.</summary>
    private static DiagnosisSubject OfBaseModel(
        DiagnosisOptions options,
        Recipe recipe,
        IRunConsole console,
        CancellationToken stop
    )
    {
        if (options.Seeds is not null)
        {
            throw new UserErrorException(
                $"{options.Subject}: training.from is {recipe.Training.From}: every seed begins from its weights, "
                    + "so there are no models of several seeds to examine."
            );
        }

        var model = BaseModel.Find(recipe);
        var corpus = Preparation.Of(recipe, console, stop, model.Subwords);
        return new DiagnosisSubject(
            recipe.Name,
            recipe.Model,
            [recipe.Seed],
            corpus.Train.Examples,
            corpus.Subwords.Vocabulary.Count,
            recipe.Training,
            () => model.Load(recipe.Model)
        );
    }

    private static DiagnosisSubject OfModel(DiagnosisOptions options, IRunConsole console, CancellationToken stop)
    {
        if (options.Overrides.Count > 0 || options.Seeds is not null)
        {
            throw new UserErrorException(
                $"{options.Subject}: this is a trained model, whose options and seed are what they are: overrides "
                    + "and seeds are for recipes."
            )
            {
                Options = [nameof(DiagnosisOptions.Overrides), nameof(DiagnosisOptions.Seeds)],
            };
        }

        var source = ModelSource.Find(options.Subject);
        if (source.Run is null)
        {
            throw new UserErrorException(
                $"{options.Subject}: a model is examined on the validation set of its run, and this one lies in no "
                    + "run folder. Name the run folder, or a checkpoint in it."
            );
        }

        var recipe = RecipeReader.Read(Path.Combine(source.Run, RunFolder.RecipeName), []);
        return new DiagnosisSubject(
            source.Name,
            source.Config.Model,
            [recipe.Seed],
            Read(recipe, source, console, stop),
            source.Config.Vocabulary,
            Training: null,
            () => source.Load(CPU),
            CourseOfTraining.Of(source.Run, recipe, source.Update)
        );
    }

    private static IReadOnlyList<ParallelExample> Read(
        Recipe recipe,
        ModelSource source,
        IRunConsole console,
        CancellationToken stop
    )
    {
        if (recipe.Data.Valid.Missing(Environment.CurrentDirectory) is { } missing)
        {
            throw new UserErrorException(
                $"{source.Name}: the validation set of its run is not there any more: {missing}"
            );
        }

        int[] Ids(string line) => [.. source.Subwords.Encode(line), Text.Vocabulary.EndOfSentence];
        var pairs = ParallelText.Read(recipe.Data.Valid, Environment.CurrentDirectory, cancellation: stop).Pairs;
        var longest = source.Config.Model.MaxPositions;
        ParallelExample[] examples =
        [
            .. pairs
                .Select(pair => new ParallelExample(Ids(pair.Source), Ids(pair.Target)))
                .Where(example => example.LongerSide <= longest),
        ];
        if (examples.Length == 0)
        {
            throw new UserErrorException(
                $"{source.Name}: all pairs of its run's validation set are longer than the {longest} subwords that "
                    + "the model reads."
            );
        }

        if (examples.Length < pairs.Count)
        {
            console.Say(
                FormattableString.Invariant(
                    $"{pairs.Count - examples.Length:N0} of {pairs.Count:N0} validation pairs are left out: "
                ) + $"they are longer than the {longest} subwords that the model reads"
            );
        }

        return examples;
    }
}
