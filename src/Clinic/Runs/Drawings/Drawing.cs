using ScottPlot;
using TransformerClinic.Files;
using TransformerClinic.Runs.Report.Figures;
using TransformerClinic.Runs.Report.Markup;
using Palette = TransformerClinic.Runs.Report.Figures.Palette;

namespace TransformerClinic.Runs.Drawings;

/// <summary>A figure as files, for documents and papers: SVG, PNG, and its data as CSV beside them.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for, in a sentence or two.</param>
internal abstract record Drawing(string Name, string Title, string Reading)
{
    private const int Width = 720;
    private const int Height = 460;

    /// <summary>The data, a line a point, with a header.</summary>
    public abstract string Csv();

    /// <summary>Writes <c>Name.svg</c>, <c>Name.png</c> and <c>Name.csv</c>.</summary>
    public void Write(string folder)
    {
        using var plot = Draw();
        AtomicFile.WriteText(Path.Combine(folder, Name + ".svg"), plot.GetSvgXml(Width, Height));
        AtomicFile.Write(Path.Combine(folder, Name + ".png"), stream => stream.Write(plot.GetImage(Width, Height).GetImageBytes()));
        AtomicFile.WriteText(Path.Combine(folder, Name + ".csv"), Csv());
    }

    /// <summary>The figure within a page, which needs no other file.</summary>
    public Html Render()
    {
        using var plot = Draw();
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height)));
        return Html.Of($"""
            <figure class="card" id="{Name}">
            <figcaption><h3>{Title}</h3><p>{Reading}</p></figcaption>
            <img alt="{Title}. The numbers follow as a table." src="data:image/svg+xml;base64,{data}">
            <details><summary>The numbers</summary><div class="scroll" tabindex="0"><pre>{Csv()}</pre></div></details>
            </figure>
            """);
    }

    /// <summary>Draws into an empty plot.</summary>
    protected abstract void Draw(Plot plot);

    /// <summary>Gives an axis of the plot the range and the ticks of ours.</summary>
    protected static ScottPlot.TickGenerators.NumericManual Ticks(Axis axis) => new([.. axis.Ticks.Select(tick => tick.At)], [.. axis.Ticks.Select(tick => tick.Label)]);

    private Plot Draw()
    {
        var plot = new Plot();
        plot.Title(Title);
        plot.Grid.MajorLineColor = Color.FromHex(Palette.Faint);
        Draw(plot);
        return plot;
    }
}
