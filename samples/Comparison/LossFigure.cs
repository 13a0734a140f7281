using ScottPlot;

namespace Samples.Comparison;

/// <summary>Curves as a drawing.</summary>
internal static class LossFigure
{
    private const int Width = 560;
    private const int Height = 320;
    private const string Font = "DejaVu Sans";

    // Colors that people with any kind of color vision can distinguish (Okabe and Ito 2008).
    private static readonly Color Vermilion = Color.FromHex("#D55E00");
    private static readonly Color Blue = Color.FromHex("#0072B2");
    private static readonly Color Grey = Color.FromHex("#767676");

    /// <summary>Held-out losses over updates and the baseline.</summary>
    public static string Svg(IReadOnlyList<LossCurve> curves, (double Loss, string Name) baseline)
    {
        using var plot = new Plot();
        plot.Font.Set(Font);
        foreach (var curve in curves)
        {
            var line = plot.Add.ScatterLine(
                curve.Points.Select(point => (double)point.Update).ToArray(),
                curve.Points.Select(point => point.HeldOut).ToArray(),
                curve.Admin ? Blue : Vermilion
            );
            line.LineWidth = 3;
            line.LegendText = curve.Name;
        }

        var level = plot.Add.HorizontalLine(baseline.Loss, 1, Grey, LinePattern.Dashed);
        level.LegendText = baseline.Name;
        plot.Axes.SetLimitsY(
            0,
            1.1
                * curves
                    .SelectMany(curve => curve.Points)
                    .Select(point => point.HeldOut)
                    .Append(baseline.Loss)
                    .Where(double.IsFinite)
                    .Max()
        );
        PrepareAxes(plot);

        // Verdana has the same width, for readers whose machine lacks the font.
        return plot.GetSvgXml(Width, Height)
            .Replace($"\"{Font}\"", $"\"{Font}, Verdana, sans-serif\"", StringComparison.Ordinal);
    }

    private static void PrepareAxes(Plot plot)
    {
        plot.XLabel("updates");
        plot.YLabel("held-out loss, nats");
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = Grey;
            axis.MinorTickStyle.Length = 0;
            axis.Label.Bold = false;
            axis.Label.FontSize = 13;
        }

        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = false;
        plot.Grid.MajorLineColor = Color.FromHex("#DEDDDB");
        plot.ShowLegend(Alignment.LowerLeft);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Transparent;
    }
}
