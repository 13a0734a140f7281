using TransformerClinic.Common;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Workflows;

/// <summary>
/// The mean of a run's newest checkpoints as a model folder: of their weights, or of the moving averages where the run
/// keeps them.
/// </summary>
public static class RunAverage
{
    /// <summary>
    /// Writes the mean of the newest checkpoints of a run that may still be training: of all, if there are fewer than
    /// asked for.
    /// </summary>
    /// <param name="run">The run folder.</param>
    /// <param name="last">How many checkpoints; null takes the recipe's <c>training.average</c>.</param>
    /// <param name="output">The model folder to write.</param>
    /// <exception cref="UserErrorException">
    /// There is no run, it has no checkpoints, or the output folder holds something else.
    /// </exception>
    public static AveragedCheckpoints Write(string run, int? last, string output)
    {
        if (!Directory.Exists(run) || !File.Exists(Path.Combine(run, RunFolder.RecipeName)))
        {
            throw new UserErrorException($"{run}: this is not a run folder: there is no {RunFolder.RecipeName} in it.");
        }

        var recipe = RecipeReader.Read(Path.Combine(run, RunFolder.RecipeName), []);
        var count = last ?? recipe.Training.Average;
        if (count < 1)
        {
            throw new UserErrorException($"--last {count}: at least one checkpoint must be averaged.");
        }

        var subwords = SubwordModel.Load(Path.Combine(run, RunFolder.SubwordsName));
        TrainedModel.MakePlaceFor(output);
        var checkpoints = CheckpointStore.In(Path.Combine(run, RunFolder.CheckpointsName));
        return new AveragedCheckpoints(count, Write(checkpoints, recipe, subwords, count, output));
    }

    internal static IReadOnlyList<string> Write(
        IReadOnlyList<Checkpoint> all,
        Recipe recipe,
        SubwordModel subwords,
        int count,
        string output
    )
    {
        var checkpoints = all.Reverse().Take(count).ToList();
        if (checkpoints.Count == 0)
        {
            throw new UserErrorException($"There are no checkpoints to average for {output}.");
        }

        foreach (var checkpoint in checkpoints)
        {
            if (checkpoint.Damage() is { } reason)
            {
                throw new UserErrorException(
                    $"{checkpoint.Folder}: {reason}; it cannot be averaged. Average fewer checkpoints, or remove "
                        + "this one."
                );
            }
        }

        var config = ModelConfig.Of(recipe, subwords.Vocabulary.Count, checkpoints[0].Content.State.Profile);
        TrainedModel.Save(
            output,
            config,
            subwords,
            stream => CheckpointAverage.Write(stream, [.. checkpoints.Select(checkpoint => checkpoint.ModelPath)])
        );
        return [.. checkpoints.Select(checkpoint => checkpoint.Folder)];
    }
}
