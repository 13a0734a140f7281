namespace TransformerClinic.Web.Runs;

/// <summary>Several runs next to each other.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Differences">The keys in which their recipes differ.</param>
internal sealed record RunComparison(IReadOnlyList<RunDescription> Runs, IReadOnlyList<KeyDifference> Differences)
{
    /// <summary>The comparison of runs.</summary>
    public static RunComparison Of(IReadOnlyList<RunPlace> runs, RunReader reader)
    {
        var recipes = runs.Select(RunReader.Recipe).ToList();
        return new RunComparison(
            [.. runs.Select(reader.Describe)],
            [
                .. recipes
                    .SelectMany(recipe => recipe.Keys)
                    .Distinct(StringComparer.Ordinal)
                    .Select(key => new KeyDifference(key, [.. recipes.Select(recipe => recipe.GetValueOrDefault(key))]))
                    .Where(difference => difference.Values.Distinct(StringComparer.Ordinal).Count() > 1),
            ]
        );
    }
}

/// <summary>A key in which recipes differ.</summary>
/// <param name="Key">The key.</param>
/// <param name="Values">Its value in each of them; null where it is left out.</param>
internal sealed record KeyDifference(string Key, IReadOnlyList<string?> Values);
