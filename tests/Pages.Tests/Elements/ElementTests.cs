using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Tests.Elements;

public class ElementTests
{
    [Fact]
    public void A_table_has_text_at_the_left_and_every_kind_of_cell()
    {
        var table = Rendered.View<DataTable>(Examples.Table("words") with { Kind = "runs" });

        Assert.Equal("runs", table.QuerySelector("table")!.ClassName);
        Assert.Equal(
            [null, null, "text"],
            table.QuerySelectorAll("thead th").Select(head => head.GetAttribute("class"))
        );
        var rows = table.QuerySelectorAll("tbody tr");
        Assert.Single(rows[0].QuerySelectorAll("th svg.swatch"));
        Assert.Equal(["1", "words"], rows[0].QuerySelectorAll("td").Texts());
        Assert.Equal("/runs/1", rows[1].QuerySelector("th a")!.GetAttribute("href"));
        Assert.Equal(["words"], rows[1].QuerySelectorAll("td strong.badge.poor").Texts());
        Assert.Equal(["words"], rows[1].QuerySelectorAll("td.text code").Texts());
        Assert.Equal(["words"], table.QuerySelectorAll(".note").Texts());
    }

    [Fact]
    public void A_whole_table_has_no_note() =>
        Assert.Empty(Rendered.View<DataTable>(Examples.Table("words") with { Note = "" }).QuerySelectorAll(".note"));

    [Fact]
    public void A_verdict_without_a_word_has_no_badge()
    {
        Assert.Equal(
            ["shaky It may fail."],
            Rendered
                .View<Verdict>(new VerdictView("It may fail.") { Word = "shaky", Mood = Mood.Fair })
                .QuerySelectorAll(".verdict")
                .Texts()
        );
        Assert.Empty(Rendered.View<Verdict>(new VerdictView("It may fail.")).QuerySelectorAll(".badge"));
    }

    [Fact]
    public void A_figure_has_its_drawing_its_legend_and_its_numbers()
    {
        var figure = Rendered.View<FigureCard>(Examples.Figure("loss", "words"));

        var drawing = figure.QuerySelector("figure#loss > svg")!;
        Assert.Equal(("0 0 460 300", "words"), (drawing.GetAttribute("viewBox"), drawing.GetAttribute("aria-label")));
        Assert.Single(drawing.QuerySelectorAll("path"));
        Assert.Equal(["words"], figure.QuerySelectorAll(".legend li").Texts());
        Assert.Equal(2, figure.QuerySelectorAll("details table").Length);
        Assert.Equal(["words"], figure.QuerySelectorAll("details pre").Texts());
    }

    [Fact]
    public void A_figure_without_legend_has_none()
    {
        var figure = Examples.Figure("loss", "words") with { Legend = [], Data = "" };

        Assert.Empty(Rendered.View<FigureCard>(figure).QuerySelectorAll(".legend, pre"));
    }

    [Fact]
    public void A_listing_is_open_or_closed_and_keeps_its_lines()
    {
        static AngleSharp.Dom.IElement Listing(string text, bool open) =>
            Rendered.Of<Listing>(("Heading", "Recipe"), ("Text", text), ("Open", open));

        Assert.Equal("a:\n  b: 1", Listing("a:\n  b: 1", open: true).QuerySelector("details[open] pre")!.TextContent);
        Assert.Single(Listing("a", open: false).QuerySelectorAll("details:not([open])"));
        Assert.Empty(Listing("", open: true).Children);
    }

    [Fact]
    public void A_sample_says_the_language_of_its_lines_and_where_there_is_nothing()
    {
        var lines = Rendered.View<Sample>(Examples.Sample("words")).QuerySelectorAll("dd");

        Assert.Equal(["de", null, null], lines.Select(line => line.GetAttribute("lang")));
        Assert.Equal([null, null, "translation"], lines.Select(line => line.GetAttribute("class")));
        Assert.All(lines, line => Assert.Equal("auto", line.GetAttribute("dir")));
        Assert.Equal(["words", "empty", "words"], lines.Texts());
        Assert.Single(lines[1].QuerySelectorAll("em"));
    }

    [Fact]
    public void Lines_of_a_sample_keep_their_spaces_and_get_none()
    {
        var view = new SampleView([new("source", "  two  spaces ")]);

        Assert.Equal("  two  spaces ", Rendered.View<Sample>(view).QuerySelector("dd")!.TextContent);
    }
}
