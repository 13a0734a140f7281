using System.Globalization;
using System.Text;

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
/// <param name="Highest">The value of the brightest color, the same in figures that are to be compared.</param>
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
    // Between cells, of their own size.
    private const double Gap = 0.004;

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
    public override Chart Chart()
    {
        var chart = new Chart(Numbered(Columns), Numbered(Rows), XLabel, YLabel) { HasGrid = false };
        foreach (var (row, entries) in Entries.Index())
        {
            foreach (var (column, entry) in entries.Index())
            {
                var share = double.IsFinite(entry.Value) ? entry.Value / Highest : 1;
                chart.Cell(column + 0.5 + Gap, column + 1.5 - Gap, row + 0.5 + Gap, row + 1.5 - Gap, Heat.Of(share));
                chart.Text(
                    column + 1,
                    row + 1,
                    Words(entry),
                    Anchor.Middle,
                    share > 0.6 ? TextKind.Mark : TextKind.Pale
                );
            }
        }

        return chart;
    }

    private static string Words(GridEntry entry)
    {
        var value = double.IsFinite(entry.Value)
            ? entry.Value.ToString("0.00", CultureInfo.InvariantCulture)
            : "not finite";
        return entry.Marked ? $"fails ({value})" : value;
    }

    private static Axis Numbered(IReadOnlyList<string> names) =>
        new(0.5, names.Count + 0.5, [.. names.Select((name, i) => (i + 1.0, name))]);
}
