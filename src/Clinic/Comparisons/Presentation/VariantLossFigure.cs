using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>
/// Validation loss of every variant over updates: a thin line for each seed, a thick one for their mean.
/// </summary>
internal static class VariantLossFigure
{
    /// <summary>The figure, or null if no run was validated.</summary>
    public static FigureView? Of(ComparisonReport report, IReadOnlyList<VariantRuns> variants)
    {
        var points = report.Runs.SelectMany(run => CurveOf(run)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var chart = Chart.OfLosses(points, report.UnigramLoss);
        foreach (var variant in variants)
        {
            Draw(chart, variant);
        }

        return Figure.View(
            "variants-loss",
            "Validation loss of every variant",
            "How surprised each model is by translations it was not trained on: lower is better. "
                + (
                    variants.Any(variant => variant.Runs.Count > 1)
                        ? "Thin lines are single seeds, thick lines their mean as far as all of them go."
                        : "Each variant was trained with one seed, so chance may decide small differences."
                ),
            [
                .. variants
                    .Where(variant => variant.IsColored)
                    .Select(variant => new LegendEntry(
                        variant.Name,
                        variant.Color,
                        variant.Dashed ? Swatch.DashedLine : Swatch.Line
                    )),
                .. variants.Count(variant => !variant.IsColored) is > 0 and var others
                    ? [new LegendEntry($"the {Numbers.Count(others)} others", Palette.Grey, Swatch.ThinLine)]
                    : Array.Empty<LegendEntry>(),
            ],
            chart,
            "Line chart of the validation loss in nats per target token over updates. "
                + string.Join(" ", variants.Select(Describe)),
            NumbersOf(report)
        );
    }

    private static void Draw(Chart chart, VariantRuns variant)
    {
        var curves = variant
            .Runs.Select(run => (IReadOnlyList<(double X, double Y)>)[.. CurveOf(run)])
            .Where(curve => curve.Count > 0)
            .ToList();
        if (curves.Count > 1 && variant.IsColored)
        {
            foreach (var curve in curves)
            {
                chart.Line(Thinning.KeepExtremes(curve), variant.Color, 1, variant.Dashed, opacity: 0.6);
            }
        }

        chart.Line(Thinning.KeepExtremes(Mean(curves)), variant.Color, variant.IsColored ? 3 : 1.2, variant.Dashed);
    }

    // Over the updates at which every seed was validated: a mean over fewer would jump where a seed ends.
    private static IEnumerable<(double X, double Y)> Mean(List<IReadOnlyList<(double X, double Y)>> curves) =>
        curves
            .SelectMany(curve => curve)
            .GroupBy(point => point.X)
            .Where(points => points.Count() == curves.Count)
            .OrderBy(points => points.Key)
            .Select(points => (points.Key, points.Average(point => point.Y)));

    private static IEnumerable<(double X, double Y)> CurveOf(ReportedRun run) =>
        run.Curve.Valid.Select(point => ((double)point.Step, point.Nll)).Where(point => double.IsFinite(point.Nll));

    private static string Describe(VariantRuns variant)
    {
        var ends = variant
            .Runs.Select(run => CurveOf(run).ToList())
            .Where(curve => curve.Count > 0)
            .Select(curve => Numbers.Loss(curve[^1].Y))
            .ToList();
        return ends.Count == 0 ? $"{variant.Name} has no line." : $"{variant.Name} ends at {string.Join(", ", ends)}.";
    }

    private static TableView NumbersOf(ComparisonReport report) =>
        LogTable.Of(
            "Validation loss of every run",
            ["run", "updates", "negative log-likelihood", "perplexity"],
            [.. report.Runs.SelectMany(run => run.Curve.Valid.Select(point => (Run: run, Point: point)))],
            row =>
                [
                    $"{row.Run.Variant}, seed {Numbers.Plain(row.Run.Seed)}",
                    Numbers.Count(row.Point.Step),
                    Numbers.Loss(row.Point.Nll),
                    Numbers.Perplexity(row.Point.Perplexity),
                ]
        );
}
