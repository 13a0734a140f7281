namespace TransformerClinic.Recipes;

/// <summary>
/// What all processes that train a recipe together must have alike: everything but names, where files are, how many
/// threads there are, and what only the first process does.
/// </summary>
internal static class SharedKeys
{
    /// <summary>The keys that each process may have of its own: none decides what is trained.</summary>
    public static IReadOnlyList<string> Own { get; } =
    [
        "name",
        "threads",
        "data.sourceLanguage",
        "data.targetLanguage",
        "data.train",
        "data.valid",
        "data.test",
        "data.prepared",
        "data.obtain",
        "training.from",
        "training.recompute",
    ];

    /// <summary>The keys with their values, a line each.</summary>
    public static string Of(Recipe recipe) =>
        string.Join(
            '\n',
            RecipeSchema
                .Values(recipe)
                .Where(value =>
                    !Own.Contains(value.Key) && !value.Key.StartsWith("decoding.", StringComparison.Ordinal)
                )
                .Select(value => $"{value.Key}: {RecipeKey.Format(value.Value)}")
                .Append($"weights: {RecipeChanges.Weights(recipe)}")
        );
}
