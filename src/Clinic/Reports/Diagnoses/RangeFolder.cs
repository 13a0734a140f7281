using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;
using TransformerClinic.Recipes;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>
/// The files of a ramp of the learning rate: <c>learning-rate-range.html</c>, <c>.json</c>, the figure with its data,
/// and every update as <c>measured-learning-rate-range.csv</c>.
/// </summary>
internal static class RangeFolder
{
    /// <summary>The page.</summary>
    public const string PageName = FileName + ".html";

    private const string FileName = "learning-rate-range";

    /// <summary>Writes all of them, each whole; the page comes last.</summary>
    public static void Write(RangeResults results, string folder)
    {
        FolderPath.Create(folder);
        var drawing = Drawing(results);
        drawing.Write(folder);
        AtomicFile.WriteText(Path.Combine(folder, $"measured-{FileName}.csv"), Csv(results));
        Json.Write(Path.Combine(folder, $"{FileName}.json"), results);
        AtomicFile.WriteText(
            Path.Combine(folder, PageName),
            PageRenderer.Render<LearningRateRangePage, LearningRateRangeView>(
                $"{results.Name}: learning-rate range",
                View(results, drawing)
            )
        );
    }

    /// <summary>The verdict in a few lines for a terminal, each ending with a line feed.</summary>
    public static string Text(RangeResults results, string folder) =>
        string.Concat(
            results
                .Verdict.Append($"page, figure and data: {Path.Combine(folder, PageName)}")
                .Select(line => line + "\n")
        );

    private static LearningRateRangeView View(RangeResults results, Drawing drawing) =>
        new()
        {
            Name = results.Name,
            Verdict = new VerdictView(results.Verdict[0])
            {
                Word = results.MaxTolerable is null ? "none" : Numbers.ThreeDigits(results.Proposed),
                Mood =
                    results.MaxTolerable < results.RecipeLearningRate || results.MaxTolerable is null ? Mood.Poor
                    : results.Proposed < results.RecipeLearningRate ? Mood.Fair
                    : Mood.Good,
                Details = [.. results.Verdict.Skip(1)],
            },
            Curve = [drawing.View()],
            Rates = new TableView(
                "Rates",
                ["seed", "maximum by the ramp", "a third of it", "lowest smoothed loss", "ended because"],
                [
                    .. results.Ramps.Select(ramp =>
                        (CellView[])
                            [
                                Numbers.Plain(ramp.Seed),
                                Numbers.ThreeDigits(ramp.MaxTolerable),
                                Numbers.ThreeDigits(ramp.MaxTolerable * RangeResults.Part),
                                Numbers.Loss(ramp.Lowest),
                                RecipeKey.Format(ramp.End).Replace('-', ' '),
                            ]
                    ),
                ]
            ),
        };

    private static LineDrawing Drawing(RangeResults results) =>
        new(
            FileName,
            "Loss over a growing learning rate",
            "Mean of the updates around each rate; thin, every update. The maximum by the ramp is where the mean is "
                + "lowest.",
            "learning rate",
            "nll, nats per target token",
            [
                .. results
                    .Ramps.Index()
                    .SelectMany(ramp =>
                        new[]
                        {
                            Line($"seed {ramp.Item.Seed}", ramp.Item, point => point.Smoothed, ramp.Index),
                            Line($"seed {ramp.Item.Seed}: updates", ramp.Item, point => point.Nll, ramp.Index) with
                            {
                                Thin = true,
                            },
                        }
                    ),
            ]
        )
        {
            LogarithmicX = true,
        };

    private static LineSeries Line(string name, LearningRateRange ramp, Func<RangePoint, double?> value, int color) =>
        new(name, [.. ramp.Points.Select(point => (point.LearningRate, value(point) ?? double.NaN))], color);

    private static string Csv(RangeResults results)
    {
        var csv = new StringBuilder("seed,update,learningRate,nll,smoothed\n");
        foreach (var ramp in results.Ramps)
        {
            foreach (var (i, point) in ramp.Points.Index())
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{ramp.Seed},{i + 1},{point.LearningRate:R},{point.Nll:R},{point.Smoothed:R}\n"
                );
            }
        }

        return csv.ToString();
    }
}
