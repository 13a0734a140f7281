using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Recipes;

/// <summary>
/// Which keys of a recipe may differ between the command that began a run and the one that goes on with it.
/// </summary>
internal static class RecipeChanges
{
    // How long to train, what to keep, how to look at the result, where to compute and where the files lie; what is in
    // the files is checked by its hash (DataRecord), as is the model that training began from (TrainingStart). To
    // recompute changes no bit. In addition to these: what to do about divergence, and how to search.
    private static readonly string[] Allowed =
    [
        "name",
        "device",
        "threads",
        "data.sourceLanguage",
        "data.targetLanguage",
        "data.train",
        "data.valid",
        "data.test",
        "data.obtain",
        "training.from",
        "training.maxMinutes",
        "training.recompute",
        "training.logEvery",
        "training.validateEvery",
        "training.checkpointEvery",
        "training.keepLast",
        "training.keepBest",
        "training.average",
        "training.patience",
        "training.statisticsEvery",
        "training.diagnoseEvery",
    ];

    /// <summary>What keeps a run from going on with another recipe, in words; nothing if it may.</summary>
    public static IReadOnlyList<string> Forbidden(Recipe begun, Recipe now) =>
        [
            .. from pair in RecipeSchema.Values(begun).Zip(RecipeSchema.Values(now))
            where !pair.First.Value.Equals(pair.Second.Value) && !MayChange(pair.First.Key, begun)
            select $"{pair.First.Key} was {RecipeKey.Format(pair.First.Value)} and is now "
                + $"{RecipeKey.Format(pair.Second.Value)}",
        ];

    private static bool MayChange(string key, Recipe begun) =>
        key switch
        {
            // Of a schedule that ends at the last update, another end is another learning rate at every update.
            "training.maxUpdates" => !LearningRateSchedule.EndsWithTraining(begun.Training.Schedule.Name),
            // Other validations would find another plateau.
            "training.validateEvery" => begun.Training.Schedule.Name != ScheduleName.Plateau,
            _ => Allowed.Contains(key)
                || key.StartsWith("decoding.", StringComparison.Ordinal)
                || key.StartsWith("training.divergence.", StringComparison.Ordinal),
        };
}
