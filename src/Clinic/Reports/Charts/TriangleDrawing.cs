using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.Colormaps;

namespace TransformerClinic.Reports.Charts;

/// <summary>
/// A lower triangle of values as a heat map: row i from the top, column j, <c>1 &lt;= j &lt;= i</c>, as the paper's
/// figures 7 and 8.
/// </summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="Rows">Row i has i values.</param>
/// <param name="Highest">The value of the brightest colour; those above it get the same.</param>
internal sealed record TriangleDrawing(
    string Name,
    string Title,
    string Reading,
    IReadOnlyList<IReadOnlyList<double>> Rows,
    double Highest
) : Drawing(Name, Title, Reading)
{
    private const int Shades = 64;

    // Cells reach under their neighbours on the right and below, which are drawn later: no seams, and no outlines,
    // which would double the file.
    private const double Overlap = 0.04;

    /// <inheritdoc/>
    public override string Csv()
    {
        var csv = new StringBuilder("i,j,value\n");
        foreach (var (i, row) in Rows.Index())
        {
            foreach (var (j, value) in row.Index())
            {
                csv.Append(CultureInfo.InvariantCulture, $"{i + 1},{j + 1},{value:R}\n");
            }
        }

        return csv.ToString();
    }

    /// <inheritdoc/>
    protected override void Draw(Plot plot)
    {
        var n = Rows.Count;
        var colours = new Viridis();
        void Cell(double left, double top, double width, double height, double share)
        {
            var cell = plot.Add.Rectangle(left, left + width, top - height, top);
            cell.FillColor = colours.GetColor(Math.Clamp(share, 0, 1));
            cell.LineWidth = 0;
        }

        foreach (var (i, row) in Rows.Index())
        {
            foreach (var (j, value) in row.Index())
            {
                Cell(j + 0.5, n - i, j == i ? 1 : 1 + Overlap, i == n - 1 ? 1 : 1 + Overlap, value / Highest);
            }
        }

        // The scale of colours, beside the last branch.
        var scale = n + 0.5 + (0.04 * n);
        for (var shade = 0; shade < Shades; shade++)
        {
            Cell(
                scale,
                (shade + 1.0) * n / Shades,
                0.04 * n,
                (shade == 0 ? 1 : 1 + Overlap) * n / Shades,
                (shade + 0.5) / Shades
            );
        }

        foreach (var quarter in Enumerable.Range(0, 5))
        {
            var label = plot.Add.Text(
                (Highest * quarter / 4).ToString("0.00", CultureInfo.InvariantCulture),
                scale + (0.05 * n),
                n * quarter / 4.0
            );
            label.LabelAlignment = Alignment.MiddleLeft;
        }

        var step = n switch
        {
            <= 12 => 1,
            <= 30 => 3,
            <= 60 => 6,
            _ => 20,
        };
        int[] marks = [.. Enumerable.Range(1, n).Where(i => i % step == 0 || i == 1)];
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. marks.Select(i => (double)i)],
            [.. marks.Select(i => i.ToString(CultureInfo.InvariantCulture))]
        );
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. marks.Select(i => n - i + 0.5)],
            [.. marks.Select(i => i.ToString(CultureInfo.InvariantCulture))]
        );
        plot.Axes.SetLimits(0.4, scale + (0.17 * n), -0.05 * n, 1.05 * n);
        plot.XLabel("branch a_j");
        plot.YLabel("state x_i");
        plot.HideGrid();
    }
}
