using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.Colormaps;

namespace TransformerClinic.Reports.Charts;

/// <summary>A cell of a grid.</summary>
/// <param name="Value">Its value; not a number if there is none.</param>
/// <param name="Marked">Whether it is crossed out: what it stands for failed.</param>
internal sealed record GridEntry(double Value, bool Marked);

/// <summary>Values over two settings as a heat map with the numbers in it, as the paper's figure 10.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="XLabel">What the columns differ in.</param>
/// <param name="Columns">Their names.</param>
/// <param name="YLabel">What the rows differ in.</param>
/// <param name="Rows">Their names, from the bottom.</param>
/// <param name="Entries">An entry for each row and column.</param>
/// <param name="Highest">The value of the brightest colour, the same in figures that are to be compared.</param>
internal sealed record GridDrawing(
    string Name,
    string Title,
    string Reading,
    string XLabel,
    IReadOnlyList<string> Columns,
    string YLabel,
    IReadOnlyList<string> Rows,
    IReadOnlyList<IReadOnlyList<GridEntry>> Entries,
    double Highest
) : Drawing(Name, Title, Reading)
{
    /// <inheritdoc/>
    public override string Csv()
    {
        var csv = new StringBuilder("row,column,value,failed\n");
        foreach (var (row, entries) in Entries.Index())
        {
            foreach (var (column, entry) in entries.Index())
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{Rows[row]},{Columns[column]},{entry.Value:R},{(entry.Marked ? "yes" : "no")}\n"
                );
            }
        }

        return csv.ToString();
    }

    /// <inheritdoc/>
    protected override void Draw(Plot plot)
    {
        var colours = new Viridis();
        foreach (var (row, entries) in Entries.Index())
        {
            foreach (var (column, entry) in entries.Index())
            {
                var share = double.IsFinite(entry.Value) ? Math.Clamp(entry.Value / Highest, 0, 1) : 1;
                var cell = plot.Add.Rectangle(column + 0.5, column + 1.5, row + 0.5, row + 1.5);
                cell.FillColor = colours.GetColor(share);
                cell.LineColor = Colors.White;
                var value = double.IsFinite(entry.Value)
                    ? entry.Value.ToString("0.00", CultureInfo.InvariantCulture)
                    : "not finite";
                var label = plot.Add.Text(entry.Marked ? $"fails ({value})" : value, column + 1, row + 1);
                label.LabelAlignment = Alignment.MiddleCenter;
                label.LabelFontSize = 16;
                label.LabelFontColor = share > 0.6 ? Color.FromHex(Palette.Ink) : Colors.White;
            }
        }

        plot.Axes.Bottom.TickGenerator = Numbered(Columns);
        plot.Axes.Left.TickGenerator = Numbered(Rows);
        plot.Axes.SetLimits(0.45, Columns.Count + 0.55, 0.45, Rows.Count + 0.55);
        plot.XLabel(XLabel);
        plot.YLabel(YLabel);
        plot.HideGrid();
    }

    private static ScottPlot.TickGenerators.NumericManual Numbered(IReadOnlyList<string> names) =>
        new([.. names.Select((_, i) => i + 1.0)], [.. names]);
}
