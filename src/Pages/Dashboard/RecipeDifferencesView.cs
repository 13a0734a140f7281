namespace TransformerClinic.Pages.Dashboard;

/// <summary>In which keys the recipes of several runs differ.</summary>
/// <param name="Runs">The runs' names, a column each.</param>
/// <param name="Rows">The keys that are not the same in all.</param>
public sealed record RecipeDifferencesView(IReadOnlyList<string> Runs, IReadOnlyList<RecipeDifference> Rows);

/// <summary>A key that is not the same in all recipes.</summary>
/// <param name="Key">The key, such as <c>model.encoder.variant</c>.</param>
/// <param name="Values">Its value in each recipe; empty where a recipe leaves it out.</param>
public sealed record RecipeDifference(string Key, IReadOnlyList<string> Values);
