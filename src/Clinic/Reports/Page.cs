using System.Reflection;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports;

/// <summary>The frame of every page: one HTML file that needs nothing else.</summary>
internal static class Page
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private const string StyleSheet = "TransformerClinic.Reports.report.css";

    /// <summary>
    /// A whole document. The content policy forbids every load, so a page that wanted something from the network would
    /// show at once that it is broken.
    /// </summary>
    public static string Render(string title, IEnumerable<Html> parts) =>
        Html.Of(
                $"""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="{Html.Trusted(Policy)}">
                <link rel="icon" href="data:,">
                <title>{title}</title>
                <style>
                {Html.Trusted(ReadStyleSheet())}
                </style>
                </head>
                <body>
                <main>
                {parts}
                </main>
                <footer>Made by TransformerClinic. This file is complete in itself: keep it, send it, print it.</footer>
                </body>
                </html>

                """
            )
            .ToString()
            .ReplaceLineEndings("\n");

    /// <summary>A section with its heading; empty content gives no section.</summary>
    public static Html Section(string id, string heading, string introduction, IEnumerable<Html> content)
    {
        var inside = Html.Join(content);
        return inside.ToString().Length == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <section aria-labelledby="{id}-heading">
                <h2 id="{id}-heading">{heading}</h2>
                {(introduction.Length > 0 ? Html.Of($"""<p class="introduction">{introduction}</p>""") : Html.Empty)}
                {inside}
                </section>
                """
            );
    }

    /// <summary>Figures side by side, as many as fit.</summary>
    public static Html Figures(IEnumerable<Charts.Figure?> figures)
    {
        var drawn = figures.OfType<Charts.Figure>().Select(figure => figure.Render()).ToList();
        return drawn.Count == 0 ? Html.Empty : Html.Of($"""<div class="figures">{drawn}</div>""");
    }

    /// <summary>A key number with its name and what else to know of it.</summary>
    public static Html Tile(string name, string value, string note) =>
        Html.Of(
            $"""
            <div class="tile"><dt>{name}</dt><dd>{value}{(
                note.Length > 0 ? Html.Of($"<small>{note}</small>") : Html.Empty
            )}</dd></div>
            """
        );

    /// <summary>Lines of text as they are; nothing for no lines.</summary>
    public static Html Listing(string heading, IEnumerable<string> lines, bool open = false)
    {
        var text = string.Join('\n', lines).TrimEnd();
        var listing = Html.Of($"""<pre tabindex="0">{text}</pre>""");
        var opened = Html.Trusted(open ? " open=\"\"" : "");
        return text.Length == 0
            ? Html.Empty
            : Html.Of($"""<details class="listing"{opened}><summary>{heading}</summary>{listing}</details>""");
    }

    private static string ReadStyleSheet()
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleSheet)
            ?? throw new InvalidOperationException($"The style sheet {StyleSheet} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
