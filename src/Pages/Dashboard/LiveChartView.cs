using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Dashboard;

/// <summary>A figure that a script keeps up to date. Without the script it is the figure as it was sent.</summary>
/// <param name="Figure">The figure at the time the page was made.</param>
/// <param name="Source">Where the script reads the data from.</param>
public sealed record LiveChartView(FigureView Figure, string Source)
{
    /// <summary>Which of the script's charts it is.</summary>
    public string Kind { get; init; } = "lines";

    /// <summary>What else the script is to know; a name <c>x</c> becomes the attribute <c>data-x</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
