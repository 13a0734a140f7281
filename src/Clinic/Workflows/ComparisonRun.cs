using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;

namespace TransformerClinic.Workflows;

/// <summary>
/// Trains each residual variant with the same recipe: same seed (so the same initial weights), same data order, same
/// budget; only the variant of both stacks differs. Run again in the same folder, it resumes where it stopped.
/// </summary>
internal sealed class ComparisonRun(
    Recipe recipe,
    IReadOnlyList<ResidualVariant> variants,
    IReadOnlyList<long> seeds,
    string folder,
    IRunConsole console
)
{
    /// <summary>The page of a comparison, in its folder.</summary>
    public const string PageName = "comparison.html";

    /// <summary>Trains them all.</summary>
    /// <returns>The results, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">There is nothing to compare, or a run cannot start.</exception>
    public ComparisonResults? Run(CancellationToken stop)
    {
        Check();
        var recipes = Recipes();
        var runs = new List<ComparedRun>();
        foreach (var compared in recipes)
        {
            var (variant, seed) = (compared.Model.Encoder.Variant, compared.Seed);
            var name = ComparedRun.NameOf(variant, seed);
            console.Say($"== {name} ({runs.Count + 1} of {recipes.Count})");
            var run = new TrainingRun(compared, Path.Combine(folder, name), console)
            {
                Corpus = RunFolder.CorpusOf(folder), // they train on the same text
            };
            if (run.Run(stop) is not { } results)
            {
                return null;
            }

            console.Say($"{name}: {results.Verdict}");
            runs.Add(new ComparedRun(variant, seed, results));
        }

        return Write(new ComparisonResults(recipe.Name, runs), recipes[0]);
    }

    private void Check()
    {
        if (variants.Count == 0 || seeds.Count == 0)
        {
            throw new UserErrorException("A comparison needs at least one variant and one seed.");
        }

        if (variants.Count > 1 && recipe.Training.From is { Length: > 0 } from)
        {
            throw new UserErrorException(
                $"training.from is {from}: a trained model has its own residual variant, so "
                    + $"{string.Join(", ", variants.Select(variant => variant.Key()))} cannot all begin "
                    + "from it. Leave training.from empty to compare variants, or name the model's variant only."
            );
        }
    }

    /// <summary>The recipe of each run, variant by variant, seed by seed.</summary>
    private List<Recipe> Recipes() =>
        [
            .. from variant in variants
            from seed in seeds
            select recipe with
            {
                Seed = seed,
                Model = recipe.Model with
                {
                    Encoder = recipe.Model.Encoder with { Variant = variant },
                    Decoder = recipe.Model.Decoder with { Variant = variant },
                },
            },
        ];

    private ComparisonResults Write(ComparisonResults comparison, Recipe first)
    {
        Json.Write(Path.Combine(folder, "comparison.json"), comparison);
        AtomicFile.WriteText(
            Path.Combine(folder, PageName),
            ComparisonPage.Render(ComparisonReportBuilder.Build(folder, first, comparison))
        );
        return comparison;
    }
}
