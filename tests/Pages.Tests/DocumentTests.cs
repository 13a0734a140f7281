using TransformerClinic.Pages.Reports;

namespace TransformerClinic.Pages.Tests;

public class DocumentTests
{
    private static readonly DocumentView File = new("a title");

    private static readonly DocumentView Served = new("a title")
    {
        StyleSheetAddress = "/pages.css",
        MoreStyleSheets = ["/chart.css"],
        Scripts = ["/one.js", "/two.js"],
        Navigation = [new("Runs", "/runs", IsCurrent: true), new("Translate", "/translate")],
        Footer = "the last line",
    };

    [Fact]
    public void A_page_that_is_a_file_holds_its_style_and_a_policy_that_allows_only_that()
    {
        var page = Rendered.Page<RunPage>(File, Examples.Run("text"));

        var style = Assert.Single(page.QuerySelectorAll("style"));
        Assert.Equal(StyleSheet.Text, style.TextContent);
        Assert.Equal(
            $"default-src 'none'; style-src '{StyleSheet.HashOf(style.TextContent)}'; img-src data:",
            page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")
        );
        Assert.Empty(page.QuerySelectorAll("script, link:not([rel=icon]), nav, iframe, object, img"));
        Assert.Equal("data:,", page.QuerySelector("link")!.GetAttribute("href"));
    }

    [Fact]
    public void A_served_page_links_its_style_its_scripts_and_other_pages()
    {
        var page = Rendered.Page<RunPage>(Served, Examples.Run("text"));

        Assert.Empty(page.QuerySelectorAll("style, meta[http-equiv]"));
        Assert.Equal(
            ["/chart.css", "/pages.css"],
            page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href"))
        );
        Assert.Equal(
            [("module", "/one.js"), ("module", "/two.js")],
            page.QuerySelectorAll("head script")
                .Select(script => (script.GetAttribute("type"), script.GetAttribute("src")))
        );
        Assert.Equal(["Runs"], page.QuerySelectorAll("nav a[aria-current=page]").Texts());
        Assert.Equal(["Runs", "Translate"], page.QuerySelectorAll("nav a").Texts());
        var skip = page.Body!.FirstElementChild!;
        Assert.Equal("main", page.QuerySelector(skip.GetAttribute("href")!)!.LocalName);
        Assert.Equal(["the last line"], page.QuerySelectorAll("footer").Texts());
    }

    [Fact]
    public void Every_page_says_its_language_and_its_width_and_has_a_title()
    {
        var page = Rendered.Page<RunPage>(File, Examples.Run("text"));

        Assert.Equal("html", page.Doctype.Name);
        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("a title", page.Title);
        Assert.Equal("utf-8", page.QuerySelector("meta[charset]")!.GetAttribute("charset"));
        Assert.Equal(
            "width=device-width, initial-scale=1",
            page.QuerySelector("meta[name=viewport]")!.GetAttribute("content")
        );
    }
}
