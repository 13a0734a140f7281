using TransformerClinic.Files;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports.Charts;

/// <summary>A figure as files, for documents and papers: SVG, PNG, and its data as CSV.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for, in a sentence or two.</param>
internal abstract record Drawing(string Name, string Title, string Reading)
{
    /// <summary>The files of a figure of some name.</summary>
    public static IEnumerable<string> FilesOf(string name) => [name + ".svg", name + ".png", name + ".csv"];

    /// <summary>What the colors mean.</summary>
    public virtual IReadOnlyList<LegendEntry> Legend => [];

    /// <summary>The drawing.</summary>
    public abstract Chart Chart();

    /// <summary>The data, one line per point, with a header.</summary>
    public abstract string Csv();

    /// <summary>Writes <c>Name.svg</c>, <c>Name.png</c> and <c>Name.csv</c>.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        ChartFile.Write(path, Title, Chart(), Legend);
        AtomicFile.WriteText(path + ".csv", Csv());
    }

    /// <summary>The figure within a page, with its data as text.</summary>
    public FigureView View() =>
        Figure.View(Name, Title, Reading, Legend, Chart(), $"{Title}. The numbers follow as a table.") with
        {
            Data = Csv(),
        };
}
