using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports.Charts;

/// <summary>A chart with everything a reader needs next to it.</summary>
internal static class Figure
{
    /// <summary>The figure as a page shows it.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="reading">What to look for, in a sentence or two.</param>
    /// <param name="legend">What the colors mean.</param>
    /// <param name="chart">The drawing.</param>
    /// <param name="description">The drawing in words, for those who do not see it.</param>
    /// <param name="numbers">The drawing in numbers.</param>
    public static FigureView View(
        string id,
        string title,
        string reading,
        IReadOnlyList<LegendEntry> legend,
        Chart chart,
        string description,
        params IReadOnlyList<TableView> numbers
    )
    {
        var picture = chart.ForPage();
        var shapes = Svg.Shapes(picture.Shapes).ToString();
        return new FigureView(id, title, reading, new DrawingView(picture.Width, picture.Height, shapes, description))
        {
            Legend = [.. legend.Select(entry => entry.View())],
            Tables = numbers,
        };
    }
}
