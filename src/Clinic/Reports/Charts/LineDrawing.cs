using System.Globalization;
using System.Text;
using ScottPlot;

namespace TransformerClinic.Reports.Charts;

/// <summary>A line of a figure, or points alone.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">Its points; those that a logarithmic axis cannot show are left out of the drawing.</param>
/// <param name="Color">Number of its colour.</param>
/// <param name="Thin">Whether it is thin and without marks: a fit, or something to compare with.</param>
internal sealed record LineSeries(
    string Name,
    IReadOnlyList<(double X, double Y)> Points,
    int Color,
    bool Thin = false
);

/// <summary>Lines against a common axis.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="XLabel">What the horizontal axis counts, in whole numbers.</param>
/// <param name="YLabel">What the vertical axis measures.</param>
/// <param name="Lines">The lines.</param>
internal sealed record LineDrawing(
    string Name,
    string Title,
    string Reading,
    string XLabel,
    string YLabel,
    IReadOnlyList<LineSeries> Lines
) : Drawing(Name, Title, Reading)
{
    /// <summary>From so many points on a line has no marks.</summary>
    private const int Crowded = 40;

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogarithmicY { get; init; }

    /// <inheritdoc/>
    public override string Csv()
    {
        var csv = new StringBuilder("series,x,y\n");
        foreach (var line in Lines)
        {
            foreach (var (x, y) in line.Points)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"\"{line.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{x:R},{y:R}\n"
                );
            }
        }

        return csv.ToString();
    }

    /// <inheritdoc/>
    protected override void Draw(Plot plot)
    {
        var points = Lines.SelectMany(line => line.Points).Where(IsShown).ToList();
        List<double> xs = [.. points.Select(point => point.X)],
            ys = [.. points.Select(point => point.Y)];
        var x = LogarithmicX ? Axis.AroundLogarithms(xs) : Axis.Around(xs, fromZero: true, least: 1);
        var y = LogarithmicY ? Axis.AroundLogarithms(ys) : Axis.Around(ys, fromZero: true);
        foreach (var line in Lines)
        {
            var shown = line.Points.Where(IsShown).ToList();
            var drawn = plot.Add.Scatter(
                shown.Select(point => x.Of(point.X)).ToArray(),
                shown.Select(point => y.Of(point.Y)).ToArray(),
                Color.FromHex(Palette.OfVariant(line.Color).Color)
            );
            // Skia's SVG has no dashes.
            drawn.LineWidth = line.Thin ? 1.2f : 2.5f;
            drawn.MarkerSize = line.Thin || shown.Count >= Crowded ? 0 : 6;
            drawn.LegendText = line.Name;
        }

        plot.XLabel(XLabel);
        plot.YLabel(YLabel);
        plot.Axes.SetLimits(x.Min, x.Max, y.Min, y.Max);
        plot.Axes.Bottom.TickGenerator = Ticks(x);
        plot.Axes.Left.TickGenerator = Ticks(y);
        plot.ShowLegend(Edge.Bottom);
    }

    private bool IsShown((double X, double Y) point) =>
        double.IsFinite(point.Y) && (!LogarithmicX || point.X > 0) && (!LogarithmicY || point.Y > 0);
}
