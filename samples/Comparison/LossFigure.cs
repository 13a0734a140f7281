using TransformerClinic.Reports.Charts;

namespace Samples.Comparison;

/// <summary>Curves as a drawing.</summary>
internal static class LossFigure
{
    /// <summary>Held-out losses over updates and the baseline.</summary>
    public static string Svg(string title, IReadOnlyList<LossCurve> curves, (double Loss, string Name) baseline)
    {
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var chart = new Chart(
            Axis.OfUpdates(points.Select(point => (double)point.Update)),
            Axis.Around([.. points.Select(point => point.HeldOut), baseline.Loss], fromZero: true),
            "updates",
            "held-out loss, nats"
        );
        chart.Level(baseline.Loss, baseline.Name);
        foreach (var curve in curves)
        {
            chart.Line(
                [
                    .. curve
                        .Points.Where(point => double.IsFinite(point.HeldOut))
                        .Select(point => ((double)point.Update, point.HeldOut)),
                ],
                ColorOf(curve),
                width: 3
            );
        }

        var legend = curves.Select(curve => new LegendEntry(curve.Name, ColorOf(curve), Swatch.Line));
        return TransformerClinic.Reports.Charts.Svg.Document(ChartFile.Draw(title, chart, [.. legend]));
    }

    private static string ColorOf(LossCurve curve) => curve.Remedy is not null ? Palette.Blue : Palette.Vermilion;
}
