using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Recipes;

/// <summary>
/// Which keys of a recipe may differ between the command that started a run and the one that resumes it.
/// </summary>
internal static class RecipeChanges
{
    // How long to train, what to keep, how to examine the result, where to compute and where the files are. What is in
    // the files is checked by its hash (DataRecord), and so is the model that training began from (TrainingStart).
    // Recomputing changes no bit. MayChange adds what to do about divergence, and how to search.
    private static readonly string[] Allowed =
    [
        .. SharedKeys.Own,
        "device",
        "distributed.patience",
        "training.maxMinutes",
        "training.maxTokens",
        "training.logEvery",
        "training.validateEvery",
        "training.checkpointEvery",
        "training.keepLast",
        "training.keepBest",
        "training.average",
        "training.patience",
        "training.statisticsEvery",
        "training.diagnoseEvery",
        "training.validationTranslations",
    ];

    /// <summary>Why a run may not be resumed with another recipe, in words; empty if it may.</summary>
    public static IReadOnlyList<string> Forbidden(Recipe begun, Recipe now) =>
        [
            .. from pair in RecipeSchema.Values(begun).Zip(RecipeSchema.Values(now))
            where !pair.First.Value.Equals(pair.Second.Value) && !MayChange(pair.First.Key, begun)
            select $"{pair.First.Key} was {RecipeKey.Format(pair.First.Value)} and is now "
                + $"{RecipeKey.Format(pair.Second.Value)}",
            .. Weights(begun) == Weights(now)
                ? Array.Empty<string>()
                : [$"the weights in data.train were {Weights(begun)} and are now {Weights(now)}"],
        ];

    /// <summary>The weights of the training corpora, which decide what an epoch is.</summary>
    internal static string Weights(Recipe recipe) =>
        recipe.Data.Train.Corpora.Select(corpus => corpus.Weight) is var weights && weights.All(weight => weight == 1)
            ? "1"
            : string.Join(", ", weights.Select(weight => FormattableString.Invariant($"{weight}")));

    private static bool MayChange(string key, Recipe begun) =>
        key switch
        {
            // If a schedule ends at the last update, another end means another learning rate at every update.
            "training.maxUpdates" => !LearningRateSchedule.EndsWithTraining(begun.Training.Schedule),
            // Other validations would find another plateau.
            "training.validateEvery" => begun.Training.Schedule.Name != ScheduleName.Plateau,
            _ => Allowed.Contains(key)
                || key.StartsWith("decoding.", StringComparison.Ordinal)
                || key.StartsWith("training.divergence.", StringComparison.Ordinal),
        };
}
