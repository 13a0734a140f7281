using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>Finds and prepares what a diagnosis is to examine: a recipe's models, or a trained one.</summary>
internal sealed class SubjectFinder(DiagnosisOptions options, IRunConsole console, CancellationToken stop)
{
    private const int DefaultSeeds = 3;

    /// <summary>Prepares what the options name.</summary>
    /// <exception cref="UserErrorException">There is no such recipe or model, or no text for it.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public DiagnosisSubject Find() => Directory.Exists(options.Subject) ? OfModel() : OfRecipe();

    private DiagnosisSubject OfRecipe()
    {
        var recipe = RecipeReader.Read(options.Subject, options.Overrides, options.OverrideOrigin);
        return recipe.Training.From.Length > 0 ? OfBaseModel(recipe) : OfInitialModels(recipe);
    }

    private DiagnosisSubject OfInitialModels(Recipe recipe)
    {
        var corpus = Preparation.Of(recipe, console, stop);
        return new DiagnosisSubject(
            recipe.Name,
            recipe.Model,
            options.Seeds ?? [.. Enumerable.Range(0, DefaultSeeds).Select(i => recipe.Seed + i)],
            corpus.Train.All,
            corpus.Subwords.Vocabulary.Count,
            recipe.Training,
            Load: null
        )
        {
            Rules = Preparation.Rules(recipe, corpus),
            Device = DeviceOf(recipe),
        };
    }

    /// <summary>The model that a recipe begins from, as it is before the recipe's first update.</summary>
    private DiagnosisSubject OfBaseModel(Recipe recipe)
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
            corpus.Train.All,
            corpus.Subwords.Vocabulary.Count,
            recipe.Training,
            () => model.Load(recipe.Model)
        )
        {
            Rules = Preparation.Rules(recipe, corpus),
            Device = DeviceOf(recipe),
        };
    }

    private DiagnosisSubject OfModel()
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
                $"{options.Subject}: a model is examined on the validation set of its run, and this one is in no "
                    + "run folder. Name the run folder, or a checkpoint in it."
            );
        }

        var recipe = RecipeReader.Read(Path.Combine(source.Run, RunFolder.RecipeName), []);
        return new DiagnosisSubject(
            source.Name,
            source.Config.Model,
            [recipe.Seed],
            new HeldExamples(ValidationExamples(recipe.Data, source, source.Run)),
            source.Config.Vocabulary,
            Training: null,
            () => source.Load(CPU),
            RunCourse.Of(source.Run, recipe, source.Update)
        )
        {
            Device = Devices.Open(options.Device ?? DeviceName.Cpu),
            Spikes = RunCourse.Spikes(source.Run, source.Update),
        };
    }

    private Device DeviceOf(Recipe recipe) => Devices.Open(options.Device ?? recipe.Device);

    private IReadOnlyList<ParallelExample> ValidationExamples(DataOptions data, ModelSource source, string run)
    {
        if (data.Valid.Missing(run) is { } missing)
        {
            throw new UserErrorException($"{source.Name}: the validation set of its run is no longer there: {missing}");
        }

        var languages = LanguagePair.Of(data.SourceLanguage, data.TargetLanguage);
        var pairs = ParallelText.Read(data.Valid, run, languages, cancellation: stop).Pairs;
        var longest = source.Config.Model.MaxPositions;
        ParallelExample[] examples =
        [
            .. pairs
                .Select(pair => source.Subwords.Example(pair.Source, pair.Target))
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
