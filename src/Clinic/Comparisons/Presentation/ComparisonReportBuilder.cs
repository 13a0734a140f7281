using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>Gathers what the page of a comparison shows from its run folders.</summary>
internal static class ComparisonReportBuilder
{
    /// <summary>Everything that the page shows.</summary>
    public static ComparisonReport Build(
        string folder,
        Recipe recipe,
        ComparisonOptions options,
        ComparisonResults results
    ) =>
        new()
        {
            Title = results.Recipe,
            Complete = results.Complete,
            Setting = results.Setting,
            Search = results.Search,
            Runs = [.. results.Runs.Select(run => new ReportedRun(run, CurveOf(Path.Combine(folder, run.Folder!))))],
            Environment = results.Environment,
            RecipeYaml = RecipeWriter.Write(recipe),
            Commands = [Command(options)],
        };

    private static string Command(ComparisonOptions options)
    {
        string[] parts =
        [
            $"clinic compare {RunFolder.RecipeName}",
            $"--variants {string.Join(',', options.Candidates.Select(candidate => candidate.Key))}",
            $"--seeds {string.Join(',', options.Seeds)}",
            .. options.Rates.Count > 0 ? [$"--rates {string.Join(',', options.Rates.Select(Written))}"] : NoPart,
            .. options.Tokens is { } tokens ? [$"--tokens {tokens}"] : NoPart,
            .. options.SearchTokens is { } search ? [$"--search-tokens {search}"] : NoPart,
            .. options.Diagnoses ? NoPart : ["--no-diagnosis"],
        ];
        return string.Join(' ', parts);
    }

    private static string[] NoPart => [];

    private static string Written(double rate) => OptionKey.Format(rate);

    private static LearningCurve CurveOf(string run) => LogCurve.Of(RunLog.Read(Path.Combine(run, RunFolder.LogName)));
}
