using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>A diagnosis in a few lines for a terminal.</summary>
internal static class DiagnosisSummary
{
    /// <summary>The lines, each ending with a line feed.</summary>
    public static string Text(DiagnosisResults results, string folder)
    {
        var verdict = results.Verdict!;
        string[] lines =
        [
            $"{verdict.Outcome.ToString().ToUpperInvariant()}. {verdict.Headline}",
            .. verdict.Details,
            $"page, figures and data: {Path.Combine(folder, DiagnosisFolder.PageName)}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
