using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Runs;

namespace TransformerClinic.Workflows;

/// <summary>Gathers what the page of a comparison shows from its run folders.</summary>
internal static class ComparisonReportBuilder
{
    /// <summary>Everything that the page shows.</summary>
    public static ComparisonReport Build(string folder, Recipe recipe, ComparisonResults results) =>
        new()
        {
            Title = results.Recipe,
            Runs = [.. results.Runs.Select(run => Row(folder, run))],
            UnigramLoss = results.Runs[0].Results.UnigramNll,
            Environment = RunFolder
                .ReadEnvironment(
                    Path.Combine(folder, ComparisonRun.RunName(results.Runs[0].Variant, results.Runs[0].Seed))
                )
                .Lines(),
            RecipeYaml = RecipeWriter.Write(recipe),
            Commands =
            [
                $"clinic compare {RunFolder.RecipeName} --variants "
                    + $"{string.Join(',', results.Runs.Select(run => RecipeKey.Format(run.Variant)).Distinct())} "
                    + $"--seeds {string.Join(',', results.Runs.Select(run => run.Seed).Distinct())}",
            ],
        };

    private static ReportedRun Row(string folder, ComparedRun run) =>
        new()
        {
            Variant = ModelWords.Name(run.Variant),
            Seed = run.Seed,
            ValidNll = run.Results.ValidationNll,
            Bleu = run.Results.Bleu,
            BleuSignature = run.Results.BleuSignature ?? "",
            Updates = run.Results.Updates,
            TargetTokens = run.Results.Tokens,
            TrainingSeconds = run.Results.Seconds,
            FailedBecause = run.Results.Failed ? run.Results.Verdict : null,
            Curve = RunReportBuilder.Curve(
                Path.Combine(folder, ComparisonRun.RunName(run.Variant, run.Seed), RunFolder.LogName)
            ),
        };
}
