using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;

namespace TransformerClinic.Workflows;

/// <summary>
/// Trains each residual variant with the same recipe: same seed (so the same initial weights), same data order, same
/// budget; nothing but the variant of both stacks differs. Given the same folder again, it goes on where it stopped.
/// </summary>
public sealed class ComparisonRun(
    string recipePath,
    IReadOnlyList<string> overrides,
    IReadOnlyList<string> variants,
    IReadOnlyList<long> seeds,
    string folder,
    IRunConsole console
)
{
    /// <summary>The page of a comparison, in its folder.</summary>
    public const string PageName = "comparison.html";

    /// <summary>Trains them all.</summary>
    /// <returns>What they came to, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">A variant is not known, or a run cannot be made.</exception>
    public ComparisonResults? Run(CancellationToken stop)
    {
        if (variants.Count == 0 || seeds.Count == 0)
        {
            throw new UserErrorException("A comparison needs at least one variant and one seed.");
        }

        var recipes = variants.SelectMany(variant => seeds.Select(seed => Recipe(variant, seed))).ToList();
        if (variants.Count > 1 && recipes[0].Training.From is { Length: > 0 } from)
        {
            throw new UserErrorException(
                $"training.from is {from}: a trained model has its own residual variant, so "
                    + $"{string.Join(", ", variants)} cannot all begin from it. "
                    + "Leave training.from empty to compare variants, or name the model's variant only."
            );
        }

        var runs = new List<ComparedRun>();
        foreach (var recipe in recipes)
        {
            var name = RunName(recipe);
            console.Say($"== {name} ({runs.Count + 1} of {recipes.Count})");
            if (new TrainingRun(recipe, Path.Combine(folder, name), console).Run(stop) is not { } results)
            {
                return null;
            }

            console.Say($"{name}: {results.Verdict}");
            runs.Add(new ComparedRun(recipe.Model.Encoder.Variant, recipe.Seed, results));
        }

        var comparison = new ComparisonResults(recipes[0].Name, runs);
        Json.Write(Path.Combine(folder, "comparison.json"), comparison);
        AtomicFile.WriteText(
            Path.Combine(folder, PageName),
            ComparisonPage.Render(ComparisonReportBuilder.Build(folder, recipes[0], comparison))
        );
        return comparison;
    }

    internal static string RunName(ResidualVariant variant, long seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{RecipeKey.Format(variant)}-seed{seed}");

    private static string RunName(Recipe recipe) => RunName(recipe.Model.Encoder.Variant, recipe.Seed);

    private Recipe Recipe(string variant, long seed) =>
        RecipeReader.Read(
            recipePath,
            [.. overrides, $"model.encoder.variant={variant}", $"model.decoder.variant={variant}", $"seed={seed}"]
        );
}
