using System.Globalization;
using System.Text;

namespace TransformerClinic.Reports.Charts;

/// <summary>A line of a figure, or only points.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">Its points; those that a logarithmic axis cannot show are left out of the drawing.</param>
/// <param name="Color">Number of its color.</param>
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
    /// <summary>From this many points on a line has no marks.</summary>
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
    public override IReadOnlyList<LegendEntry> Legend =>
        [
            .. Lines.Select(line => new LegendEntry(
                line.Name,
                ColorOf(line),
                line switch
                {
                    { Thin: true } => Swatch.ThinLine,
                    _ when Palette.OfVariant(line.Color).Dashed => Swatch.DashedLine,
                    _ => Swatch.Line,
                }
            )),
        ];

    /// <inheritdoc/>
    public override Chart Chart()
    {
        var points = Lines.SelectMany(line => line.Points).Where(IsShown).ToList();
        List<double> xs = [.. points.Select(point => point.X)],
            ys = [.. points.Select(point => point.Y)];
        var chart = new Chart(
            LogarithmicX ? Axis.AroundLogarithms(xs) : Axis.Around(xs, fromZero: true, least: 1),
            LogarithmicY ? Axis.AroundLogarithms(ys) : Axis.Around(ys, fromZero: true),
            XLabel,
            YLabel
        );
        foreach (var line in Lines)
        {
            List<(double X, double Y)> shown = [.. line.Points.Where(IsShown)];
            chart.Line(shown, ColorOf(line), line.Thin ? 1.2 : 2.5, Palette.OfVariant(line.Color).Dashed);
            if (!line.Thin && shown.Count < Crowded)
            {
                chart.Points(shown, ColorOf(line));
            }
        }

        return chart;
    }

    private static string ColorOf(LineSeries line) => Palette.OfVariant(line.Color).Color;

    private bool IsShown((double X, double Y) point) =>
        double.IsFinite(point.Y) && (!LogarithmicX || point.X > 0) && (!LogarithmicY || point.Y > 0);
}
