namespace TransformerClinic.Pages.Elements;

/// <summary>A drawing with everything a reader needs next to it.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for, in a sentence or two.</param>
/// <param name="Drawing">The drawing.</param>
public sealed record FigureView(string Id, string Title, string Reading, DrawingView Drawing)
{
    /// <summary>What the colors mean.</summary>
    public IReadOnlyList<LegendView> Legend { get; init; } = [];

    /// <summary>The drawing in numbers.</summary>
    public IReadOnlyList<TableView> Tables { get; init; } = [];

    /// <summary>The numbers as lines of a file; empty for none.</summary>
    public string Data { get; init; } = "";
}

/// <summary>A drawing that scales with its place.</summary>
/// <param name="Width">Its width, in units of its own.</param>
/// <param name="Height">Its height, in the same units.</param>
/// <param name="Shapes">Its shapes as SVG.</param>
/// <param name="Description">The drawing in words, for those who do not see it.</param>
public sealed record DrawingView(int Width, int Height, string Shapes, string Description);

/// <summary>A line of a legend.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Swatch">Its look in the drawing: shapes as SVG, in the size of <see cref="SwatchMark"/>.</param>
public sealed record LegendView(string Name, string Swatch);
