using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>
/// The files of a diagnosis: <c>diagnosis.html</c>, <c>diagnosis.json</c>, and figures and measurements.
/// </summary>
internal static class DiagnosisFolder
{
    /// <summary>The page.</summary>
    public const string PageName = "diagnosis.html";

    private const string ResultsName = "diagnosis.json";

    /// <summary>
    /// Writes all of them, each whole, and removes what only an earlier diagnosis in the folder had; the page comes
    /// last.
    /// </summary>
    public static void Write(DiagnosisResults results, string folder)
    {
        FolderPath.Create(folder);
        if (File.Exists(Path.Combine(folder, ResultsName)))
        {
            RemoveOptional(folder);
        }

        var drawings = DiagnosisDrawings.Of(results);
        foreach (var drawing in drawings)
        {
            drawing.Write(folder);
        }

        foreach (var (name, csv) in DiagnosisTables.Of(results))
        {
            AtomicFile.WriteText(Path.Combine(folder, name), csv);
        }

        Json.Write(Path.Combine(folder, ResultsName), results);
        AtomicFile.WriteText(Path.Combine(folder, PageName), DiagnosisPage.Render(results, drawings));
    }

    /// <summary>
    /// Removes the files that not every diagnosis has: nobody is to take an earlier one's for this one's.
    /// </summary>
    private static void RemoveOptional(string folder)
    {
        foreach (var name in DiagnosisDrawings.Optional.SelectMany(Drawing.FilesOf).Concat(DiagnosisTables.Optional))
        {
            File.Delete(Path.Combine(folder, name));
        }
    }
}
