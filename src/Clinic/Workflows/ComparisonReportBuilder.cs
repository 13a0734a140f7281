using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
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
            Runs = [.. results.Runs.Select(run => new ReportedRun(run, CurveOf(Path.Combine(folder, run.Name))))],
            Environment = RunFolder.ReadEnvironment(Path.Combine(folder, results.Runs[0].Name)).Lines(),
            RecipeYaml = RecipeWriter.Write(recipe),
            Commands =
            [
                $"clinic compare {RunFolder.RecipeName} --variants "
                    + $"{string.Join(',', results.Runs.Select(run => run.Variant.Key()).Distinct())} "
                    + $"--seeds {string.Join(',', results.Runs.Select(run => run.Seed).Distinct())}",
            ],
        };

    private static LearningCurve CurveOf(string run) => LogCurve.Of(RunLog.Read(Path.Combine(run, RunFolder.LogName)));
}
