using TransformerClinic.Files;
using TransformerClinic.Recipes;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The files of a comparison, next to the run folders of its trainings.</summary>
internal static class ComparisonFolder
{
    /// <summary>The page.</summary>
    public const string PageName = "comparison.html";

    /// <summary>Writes the results and the page, each whole.</summary>
    public static void Write(string folder, Recipe recipe, ComparisonOptions options, ComparisonResults results)
    {
        Json.Write(Path.Combine(folder, ComparisonResults.FileName), results);
        AtomicFile.WriteText(
            Path.Combine(folder, PageName),
            ComparisonPage.Render(ComparisonReportBuilder.Build(folder, recipe, options, results))
        );
    }
}
