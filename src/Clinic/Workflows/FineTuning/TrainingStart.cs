using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Workflows.FineTuning;

/// <summary>
/// What a run's training starts with: initial weights and subwords of its own, or a trained model's. Once the run has a
/// checkpoint, that model is no longer needed: weights are the checkpoint's, and subwords are in the run folder.
/// </summary>
/// <param name="Recipe">The recipe; begun from a model, its subwords are described as that model's.</param>
/// <param name="Base">The model that the run begins or began from; null for initial weights.</param>
/// <param name="Subwords">That model's subwords; null where subwords are to be learned.</param>
/// <param name="Said">What a user should know of it, a line each.</param>
internal sealed record TrainingStart(
    Recipe Recipe,
    BaseModelRecord? Base,
    SubwordModel? Subwords,
    IReadOnlyList<string> Said
)
{
    private BaseModel? Model { get; init; }

    /// <summary>
    /// Finds out what the run in a folder, which need not be there yet, starts with; changes nothing.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The model cannot be used, or the run in the folder began from something else than the recipe now says.
    /// </exception>
    public static TrainingStart Of(Recipe recipe, string run)
    {
        var from = recipe.Training.From;
        RefuseAnotherBeginning(BegunFrom(run), from, run);
        if (from.Length == 0)
        {
            return new TrainingStart(recipe, null, null, []);
        }

        var record = BaseModelRecord.In(run);
        return record is not null && HasCheckpoint(run) ? Resumed(recipe, record, run) : Begun(recipe, record, run);
    }

    /// <summary>
    /// Gives a model the trained weights that the run starts with, unless they come from its own checkpoint.
    /// </summary>
    /// <returns>The training that the weights come from; null where nothing was changed.</returns>
    /// <exception cref="UserErrorException">The weights are damaged.</exception>
    public EarlierTraining? PutInto(Transformer model)
    {
        if (Model is null)
        {
            return null;
        }

        Model.CopyInto(model);
        return new EarlierTraining(Base!.Config.Profile);
    }

    /// <summary>Checks that a run which found no checkpoint has the weights to begin with.</summary>
    /// <exception cref="UserErrorException">They were to come from checkpoints, which have gone.</exception>
    public void CheckWithoutCheckpoint()
    {
        if (Base is not null && Model is null)
        {
            throw new UserErrorException(
                "The checkpoints of this run have gone while it was being opened. Run it again."
            );
        }
    }

    /// <summary>
    /// What the run in a folder began from: null where there is no run yet, empty for initial weights.
    /// </summary>
    private static string? BegunFrom(string run)
    {
        var recipe = Path.Combine(run, RunFolder.RecipeName);
        return File.Exists(recipe) ? RecipeReader.Read(recipe, []).Training.From : null;
    }

    private static void RefuseAnotherBeginning(string? begun, string from, string run)
    {
        if (begun is "" && from.Length > 0)
        {
            throw new UserErrorException(
                $"{run}: the run in this folder began from initial weights, and training.from is now {from}. "
                    + "Name another run folder; the model's own is not to train in."
            );
        }

        if (begun is { Length: > 0 } && from.Length == 0)
        {
            throw new UserErrorException(
                $"{run}: the run in this folder began from the model {begun}, and training.from is not set now. "
                    + "Set it again, or name another run folder."
            );
        }
    }

    private static bool HasCheckpoint(string run)
    {
        var checkpoints = Path.Combine(run, RunFolder.CheckpointsName);
        return Directory.Exists(checkpoints)
            && Directory.EnumerateDirectories(checkpoints).Any(path => CheckpointStore.IsName(Path.GetFileName(path)));
    }

    private static TrainingStart Resumed(Recipe recipe, BaseModelRecord record, string run)
    {
        var subwords = SubwordModel.Load(Path.Combine(run, RunFolder.SubwordsName));
        return new TrainingStart(
            WithSubwords(recipe, subwords),
            record,
            subwords,
            [.. AboutOtherPath(recipe.Training.From, record, run)]
        );
    }

    private static IEnumerable<string> AboutOtherPath(string from, BaseModelRecord record, string run)
    {
        if (from == record.Path)
        {
            yield break;
        }

        if (Weights(from) is not { } weights)
        {
            yield return $"training.from is now {from}, where there is no model; "
                + $"this run began from {record.Line()} and resumes from its own checkpoint.";
        }
        else if (ContentHash.OfFile(weights) is var hash && hash != record.Sha256)
        {
            throw new UserErrorException(
                $"{run}: this run began from {record.Path} (SHA-256 {BaseModelRecord.Short(record.Sha256)}), "
                    + $"and training.from is now {from}, another model (SHA-256 {BaseModelRecord.Short(hash)}). "
                    + "Name another run folder, or set training.from back."
            );
        }
    }

    private static string? Weights(string from)
    {
        try
        {
            return ModelSource.Find(from).WeightsPath is var path && File.Exists(path) ? path : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static TrainingStart Begun(Recipe recipe, BaseModelRecord? record, string run)
    {
        var model = FindAgain(recipe, record, run);
        if (record is not null && record.Sha256 != model.Record.Sha256)
        {
            throw new UserErrorException(
                $"{run}: this run began from {record.Path} with the weights of SHA-256 "
                    + $"{BaseModelRecord.Short(record.Sha256)}, and has no checkpoint yet; "
                    + $"the model {model.Record.Path} has others "
                    + $"(SHA-256 {BaseModelRecord.Short(model.Record.Sha256)}). "
                    + "Put the model back, or begin again in another run folder."
            );
        }

        var resolved = WithSubwords(recipe, model.Subwords);
        string[] said = [Words(model.Record), .. AboutSubwords(recipe, resolved)];
        return new TrainingStart(resolved, record ?? model.Record, model.Subwords, said) { Model = model };
    }

    private static BaseModel FindAgain(Recipe recipe, BaseModelRecord? record, string run)
    {
        try
        {
            return BaseModel.Find(recipe);
        }
        catch (UserErrorException exception) when (record is not null)
        {
            throw new UserErrorException(
                $"{run}: this run has no checkpoint yet, so it needs the model that it began from. {exception.Message}",
                exception
            );
        }
    }

    private static string Words(BaseModelRecord model)
    {
        var omegas = model.Config.Profile is null ? "" : ", Admin's omegas are as trained and not profiled again";
        return $"training begins from {model.Line()} with its subwords; optimizer and schedule begin from the "
            + $"start{omegas}";
    }

    private static IEnumerable<string> AboutSubwords(Recipe asked, Recipe resolved)
    {
        var changed = RecipeSchema
            .Values(asked)
            .Zip(RecipeSchema.Values(resolved))
            .Where(pair => !pair.First.Value.Equals(pair.Second.Value))
            .Select(pair => (pair.First.Key, Asked: pair.First.Value, Used: pair.Second.Value))
            .Select(key => $"{key.Key} is {RecipeKey.Format(key.Used)}, not the recipe's {RecipeKey.Format(key.Asked)}")
            .ToList();
        return changed.Count > 0 ? [$"the subwords are the model's: {string.Join("; ", changed)}"] : [];
    }

    /// <summary>
    /// The recipe with the subwords that are used: what a subword model does not hold, <c>minPairCount</c>, is left as
    /// it is.
    /// </summary>
    private static Recipe WithSubwords(Recipe recipe, SubwordModel subwords) =>
        recipe with
        {
            Subwords = subwords.DescribedBy(recipe.Subwords),
        };
}
