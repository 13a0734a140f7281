using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using TransformerClinic.Pages.Reports;

namespace TransformerClinic.Pages.Tests;

/// <summary>What every page has for those who do not see it or have no mouse, and does with hostile text.</summary>
public class AccessibilityTests
{
    // No page has this word itself.
    private const string Plain = "plainly";

    public static TheoryData<string> Pages => ["run", "comparison", "diagnosis", "range", "outputs"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Headings_leave_no_level_out(string name)
    {
        var levels = Page(name, "text")
            .QuerySelectorAll("h1, h2, h3")
            .Select(heading => heading.LocalName[1] - '0')
            .ToList();

        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.InRange(pair.Second, 2, pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Ids_are_unique_and_every_section_is_named_by_its_heading(string name)
    {
        var page = Page(name, "text");

        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id!).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.NotEmpty(page.QuerySelectorAll("section"));
        Assert.All(
            page.QuerySelectorAll("section"),
            section =>
                Assert.Equal(section.QuerySelector("h2"), page.GetElementById(section.GetAttribute("aria-labelledby")!))
        );
        Assert.Single(page.QuerySelectorAll("main"));
        Assert.Single(page.QuerySelectorAll("body > footer"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_drawing_is_described_and_every_table_is_named_and_has_heads(string name)
    {
        var page = Page(name, "text");

        Assert.All(
            page.QuerySelectorAll("svg"),
            drawing =>
                Assert.True(
                    drawing.GetAttribute("aria-hidden") == "true"
                        || (
                            drawing.GetAttribute("role") == "img"
                            && drawing.GetAttribute("aria-label") is { Length: > 0 }
                        )
                )
        );
        Assert.NotEmpty(page.QuerySelectorAll("table"));
        Assert.All(
            page.QuerySelectorAll("table"),
            table =>
            {
                Assert.NotEmpty(table.QuerySelector("caption")!.TextContent);
                Assert.All(table.QuerySelectorAll("thead th"), head => Assert.Equal("col", head.GetAttribute("scope")));
                Assert.All(
                    table.QuerySelectorAll("tbody tr"),
                    row => Assert.Equal("row", row.QuerySelector("th")!.GetAttribute("scope"))
                );
            }
        );
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_scrolls_is_reached_with_the_keyboard_and_named(string name)
    {
        var boxes = Page(name, "text").QuerySelectorAll(".scroll");

        Assert.NotEmpty(boxes);
        Assert.All(
            boxes,
            box =>
            {
                Assert.Equal("0", box.GetAttribute("tabindex"));
                Assert.Equal("group", box.GetAttribute("role"));
                Assert.NotEmpty(box.GetAttribute("aria-label")!);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Nothing_needs_a_script_or_a_style_of_its_own(string name) =>
        Assert.DoesNotContain(
            Page(name, Examples.Hostile).All,
            element =>
                element.LocalName is "script" or "img"
                || element.Attributes.Any(attribute =>
                    attribute.Name == "style" || attribute.Name.StartsWith("on", StringComparison.Ordinal)
                )
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void Text_of_the_user_stays_text_wherever_it_is(string name)
    {
        // The elements are the same whatever the text is, and the text is there as often as it was put in.
        var (plain, hostile) = (Page(name, Plain), Page(name, Examples.Hostile));

        Assert.Equal(plain.All.Select(element => element.LocalName), hostile.All.Select(element => element.LocalName));
        Assert.Equal(Count(plain, Plain), Count(hostile, Examples.Hostile));
        Assert.True(Count(plain, Plain) > 15);
    }

    private static int Count(IDocument page, string text) => Regex.Count(page.Body!.TextContent, Regex.Escape(text));

    private static IHtmlDocument Page(string name, string text) =>
        name switch
        {
            "run" => Rendered.Page<RunPage>(new DocumentView(text), Examples.Run(text)),
            "comparison" => Rendered.Page<ComparisonPage>(new DocumentView(text), Examples.Comparison(text)),
            "diagnosis" => Rendered.Page<DiagnosisPage>(new DocumentView(text), Examples.Diagnosis(text)),
            "range" => Rendered.Page<LearningRateRangePage>(new DocumentView(text), Examples.Range(text)),
            _ => Rendered.Page<OutputComparisonPage>(new DocumentView(text), Examples.Outputs(text)),
        };
}
