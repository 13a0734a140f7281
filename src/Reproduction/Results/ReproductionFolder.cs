using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Results;

/// <summary>The files of studies: <c>ID.json</c>, and figures and tables whose names start with the id.</summary>
internal static class ReproductionFolder
{
    private const string ResultEnding = ".json";

    /// <summary>Writes a study's figures and tables, then its result.</summary>
    public static StudyResult Write(
        string folder,
        StudyDescription study,
        StudyBudget budget,
        StudyFindings findings,
        double seconds,
        string machine
    )
    {
        foreach (var drawing in findings.Drawings)
        {
            drawing.Write(folder);
        }

        foreach (var table in findings.Tables)
        {
            AtomicFile.WriteText(Path.Combine(folder, $"{table.Name}.csv"), table.Csv());
        }

        var result = new StudyResult
        {
            Study = study,
            Budget = budget,
            Verdict = Condition.VerdictOf(findings.Conditions),
            Summary = findings.Summary,
            Conditions = findings.Conditions,
            Values = findings.Values,
            Remarks = findings.Remarks,
            Seeds = findings.Seeds,
            Settings = findings.Settings,
            Figures = [.. findings.Drawings.Select(Describe)],
            Tables = [.. findings.Tables.Select(table => table.Name)],
            Seconds = Math.Round(seconds, 1),
            Machine = machine,
        };
        Json.Write(Path.Combine(folder, study.Id + ResultEnding), result);
        return result;
    }

    /// <summary>The results in a folder, in the order of the catalog.</summary>
    /// <exception cref="UserErrorException">A file is not a result.</exception>
    public static IReadOnlyList<StudyResult> Read(string folder) =>
        [
            .. StudyCatalog
                .Descriptions.Select(study => Path.Combine(folder, study.Id + ResultEnding))
                .Where(File.Exists)
                .Select(Json.Read<StudyResult>),
        ];

    /// <summary>
    /// Copies the results of a folder to where they are published: data into one folder, figures as SVG into another.
    /// </summary>
    public static void Publish(string folder, string data, string figures)
    {
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(figures);
        foreach (var result in Read(folder))
        {
            foreach (var figure in result.Figures)
            {
                Copy(folder, figures, $"{figure.Name}.svg");
                Copy(folder, data, $"{figure.Name}.csv");
            }

            foreach (var table in result.Tables)
            {
                Copy(folder, data, $"{table}.csv");
            }

            Copy(folder, data, result.Study.Id + ResultEnding);
        }
    }

    private static StudyFigure Describe(Drawing drawing) => new(drawing.Name, drawing.Title, drawing.Reading);

    private static void Copy(string from, string to, string name)
    {
        var path = Path.Combine(from, name);
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                $"{path}: a result names this file, but it does not exist; run the study again."
            );
        }

        AtomicFile.Write(Path.Combine(to, name), stream => stream.Write(File.ReadAllBytes(path)));
    }
}
