using TransformerClinic.Files;

namespace TransformerClinic.Reports.Charts;

/// <summary>A chart as files, for documents and papers: with its title above it and its legend below.</summary>
internal static class ChartFile
{
    private const int Width = 720;
    private const int Height = 460;
    private const int Margin = 12;
    private const int Above = 40;
    private const int LegendLine = 22;

    /// <summary>Writes the chart as SVG and as PNG; <paramref name="path"/> lacks the ending.</summary>
    public static void Write(string path, string title, Chart chart, IReadOnlyList<LegendEntry> legend)
    {
        var picture = Draw(title, chart, legend);
        AtomicFile.WriteText(path + ".svg", Svg.Document(picture));
        AtomicFile.Write(path + ".png", stream => stream.Write(Png.Document(picture)));
    }

    /// <summary>The whole picture.</summary>
    public static Picture Draw(string title, Chart chart, IReadOnlyList<LegendEntry> legend)
    {
        var lines = Lines(legend);
        var bottom = Height - Margin - (LegendLine * lines.Count);
        return new Picture(
            Width,
            Height,
            [
                new Label(Width / 2.0, 26, Anchor.Middle, TextKind.Heading, title),
                .. chart.Shapes(Margin, Above, Width - Margin, bottom),
                .. lines.SelectMany((line, i) => Entries(line, bottom + (LegendLine * (i + 1)))),
            ]
        );
    }

    // As many in a line as fit.
    private static List<List<LegendEntry>> Lines(IReadOnlyList<LegendEntry> legend)
    {
        var lines = new List<List<LegendEntry>>();
        foreach (var entry in legend)
        {
            if (lines.Count == 0 || WidthOf([.. lines[^1], entry]) > Width - (2 * Margin))
            {
                lines.Add([]);
            }

            lines[^1].Add(entry);
        }

        return lines;
    }

    private static IEnumerable<Shape> Entries(List<LegendEntry> line, double baseline)
    {
        var left = (Width - WidthOf(line)) / 2;
        foreach (var entry in line)
        {
            yield return entry.Mark(left, baseline - 5);
            yield return new Label(
                left + LegendEntry.SwatchWidth + 7,
                baseline,
                Anchor.Start,
                TextKind.Mark,
                entry.Name
            );
            left += WidthOf([entry]);
        }
    }

    // Letters are just under eight pixels wide on average; the gap to the next entry is in it.
    private static double WidthOf(IReadOnlyList<LegendEntry> entries) =>
        entries.Sum(entry => LegendEntry.SwatchWidth + 25 + (7.8 * entry.Name.Length));
}
