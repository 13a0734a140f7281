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
internal static class RunAverage
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
            throw new UserErrorException($"{count} checkpoints cannot be averaged: it takes at least one.");
        }

        var subwords = SubwordModel.Load(Path.Combine(run, RunFolder.SubwordsName));
        TrainedModel.MakePlaceFor(output);
        var checkpoints = CheckpointStore.In(Path.Combine(run, RunFolder.CheckpointsName));
        var newest = Newest(checkpoints, count, output);
        TrainedModel.Save(
            output,
            ModelConfig.Of(recipe, subwords.Vocabulary.Count, newest[0].Content.State.Profile),
            subwords,
            stream => CheckpointAverage.Write(stream, [.. newest.Select(checkpoint => checkpoint.ModelPath)])
        );
        return new AveragedCheckpoints(count, [.. newest.Select(checkpoint => checkpoint.Folder)]);
    }

    /// <summary>The checkpoints to average, newest first, found to be whole.</summary>
    /// <param name="all">All checkpoints of a run, oldest first.</param>
    /// <param name="count">How many; all, if there are fewer.</param>
    /// <param name="output">The model folder that they are averaged for.</param>
    /// <exception cref="UserErrorException">There is none, or one is damaged.</exception>
    internal static IReadOnlyList<Checkpoint> Newest(IReadOnlyList<Checkpoint> all, int count, string output)
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

        return checkpoints;
    }
}

/// <summary>Which checkpoints were averaged.</summary>
/// <param name="Asked">How many were to be.</param>
/// <param name="Folders">Those that were, newest first: all that the run has, if it has no more.</param>
internal sealed record AveragedCheckpoints(int Asked, IReadOnlyList<string> Folders)
{
    /// <summary>Whether the run has fewer than were asked for.</summary>
    public bool AreFewer => Folders.Count < Asked;
}
