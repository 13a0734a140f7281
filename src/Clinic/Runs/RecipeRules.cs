using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>What must hold between the keys of a recipe.</summary>
internal static class RecipeRules
{
    /// <exception cref="UserErrorException">A rule is broken; the message names the keys.</exception>
    public static void Check(Recipe recipe, string path)
    {
        var (model, training) = (recipe.Model, recipe.Training);
        Require(model.Dim % 2 == 0, path, $"model.dim is {model.Dim}, but it must be even: half of the position embedding is sines, half cosines.");
        Require(model.Dim % model.Heads == 0, path, $"model.dim is {model.Dim} and model.heads is {model.Heads}: the heads must divide the dimension.");
        Require(
            training.Average <= training.KeepLast,
            path,
            $"training.average is {training.Average} and training.keepLast is {training.KeepLast}: only checkpoints that are kept can be averaged.");
        Require(
            training.Schedule.Name != ScheduleName.Linear || training.Schedule.WarmUpUpdates < training.MaxUpdates,
            path,
            $"training.schedule.warmUpUpdates is {training.Schedule.WarmUpUpdates} and training.maxUpdates is {training.MaxUpdates}: a linear schedule needs updates after its warm-up.");
        Require(
            recipe.Data.MaxLength <= model.MaxPositions,
            path,
            $"data.maxLength is {recipe.Data.MaxLength} and model.maxPositions is {model.MaxPositions}: the model has no positions for the longest training pairs.");
        Require(recipe.Name.Length > 0 && recipe.Name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0, path, $"name is '{recipe.Name}', but it must be usable as the name of a folder.");
    }

    private static void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            throw new UserErrorException($"{path}: {message}");
        }
    }
}
