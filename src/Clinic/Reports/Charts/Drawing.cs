using System.Text.RegularExpressions;
using ScottPlot;
using TransformerClinic.Files;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Charts;

/// <summary>A figure as files, for documents and papers: SVG, PNG, and its data as CSV beside them.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for, in a sentence or two.</param>
internal abstract partial record Drawing(string Name, string Title, string Reading)
{
    // In pixels: of a file, and of a page, where a figure has to share the width and is not to be shrunk.
    private static readonly (int Width, int Height) OfFile = (720, 460),
        OfPage = (520, 370);

    // The first of these that is there. What ScottPlot takes on a machine without the fonts that it looks for may have
    // serifs.
    private static readonly string SansSerif = new[]
    {
        "Segoe UI",
        "Helvetica",
        "Arial",
        "Liberation Sans",
        "DejaVu Sans",
        "Noto Sans",
    }.FirstOrDefault(font => Fonts.GetTypeface(font, bold: false, italic: false).FamilyName == font, Fonts.Sans);

    /// <summary>The files of a figure of some name.</summary>
    public static IEnumerable<string> FilesOf(string name) => [name + ".svg", name + ".png", name + ".csv"];

    /// <summary>The data, a line a point, with a header.</summary>
    public abstract string Csv();

    /// <summary>Writes <c>Name.svg</c>, <c>Name.png</c> and <c>Name.csv</c>.</summary>
    public void Write(string folder)
    {
        using var plot = Draw(Title);
        AtomicFile.WriteText(Path.Combine(folder, Name + ".svg"), Svg(plot, OfFile));
        AtomicFile.Write(
            Path.Combine(folder, Name + ".png"),
            stream => stream.Write(plot.GetImage(OfFile.Width, OfFile.Height).GetImageBytes())
        );
        AtomicFile.WriteText(Path.Combine(folder, Name + ".csv"), Csv());
    }

    /// <summary>The figure within a page, which needs no other file and has the title above it.</summary>
    public Html Render()
    {
        using var plot = Draw(title: null);
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Svg(plot, OfPage)));
        return Html.Of(
            $"""
            <figure class="card" id="{Name}">
            <figcaption><h3>{Title}</h3><p>{Reading}</p></figcaption>
            <img alt="{Title}. The numbers follow as a table." src="data:image/svg+xml;base64,{data}">
            <details><summary>The numbers</summary><div class="scroll" tabindex="0"><pre>{Csv()}</pre></div></details>
            </figure>
            """
        );
    }

    /// <summary>Draws into an empty plot.</summary>
    protected abstract void Draw(Plot plot);

    /// <summary>Gives an axis of the plot the range and the ticks of ours.</summary>
    protected static ScottPlot.TickGenerators.NumericManual Ticks(Axis axis) =>
        new([.. axis.Ticks.Select(tick => tick.At)], [.. axis.Ticks.Select(tick => tick.Label)]);

    /// <summary>The figure as SVG whose text has no serifs where its own font is not there either.</summary>
    private static string Svg(Plot plot, (int Width, int Height) size) =>
        FontFamily()
            .Replace(plot.GetSvgXml(size.Width, size.Height), "font-family=\"$1, Helvetica, Arial, sans-serif\"");

    [GeneratedRegex("font-family=\"([^\"]*)\"")]
    private static partial Regex FontFamily();

    private Plot Draw(string? title)
    {
        var plot = new Plot();
        if (title is not null)
        {
            plot.Title(title);
        }

        plot.Grid.MajorLineColor = Color.FromHex(Palette.Faint);
        Draw(plot);
        plot.Font.Set(SansSerif);
        plot.Legend.FontName = SansSerif;
        foreach (var text in plot.GetPlottables<ScottPlot.Plottables.Text>())
        {
            text.LabelFontName = SansSerif;
        }

        return plot;
    }
}
