using TransformerClinic.Files;

namespace TransformerClinic.Runs.Diagnoses;

/// <summary>The files of a diagnosis: <c>diagnosis.html</c>, <c>diagnosis.json</c>, and figures and measurements beside them.</summary>
internal static class DiagnosisFolder
{
    /// <summary>The page.</summary>
    public const string PageName = "diagnosis.html";

    /// <summary>Writes all of them, each whole; the page comes last.</summary>
    public static void Write(DiagnosisResults results, string folder)
    {
        FolderPath.Create(folder);
        var drawings = DiagnosisDrawings.Of(results);
        foreach (var drawing in drawings)
        {
            drawing.Write(folder);
        }

        foreach (var (name, csv) in DiagnosisTables.Of(results))
        {
            AtomicFile.WriteText(Path.Combine(folder, name), csv);
        }

        Json.Write(Path.Combine(folder, "diagnosis.json"), results);
        AtomicFile.WriteText(Path.Combine(folder, PageName), DiagnosisPage.Render(results, drawings));
    }
}
