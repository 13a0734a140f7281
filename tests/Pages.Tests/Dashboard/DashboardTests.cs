using TransformerClinic.Pages.Dashboard;

namespace TransformerClinic.Pages.Tests.Dashboard;

public class DashboardTests
{
    [Fact]
    public void Runs_are_chosen_with_a_form_that_needs_no_script()
    {
        var form = Rendered.View<RunTable>(Examples.Runs("words")).QuerySelector("form")!;

        Assert.Equal(("get", "/compare"), (form.GetAttribute("method"), form.GetAttribute("action")));
        var boxes = form.QuerySelectorAll("input[type=checkbox][name=runs]");
        Assert.Equal(["a b&c", "d"], boxes.Select(box => box.GetAttribute("value")));
        Assert.Equal([true, false], boxes.Select(box => box.HasAttribute("checked")));
        Assert.All(boxes, box => Assert.Equal("words", box.GetAttribute("aria-label")));
        Assert.Equal(["words"], form.QuerySelectorAll("button[type=submit]").Texts());
        Assert.Equal(["/runs/a", "/runs/d"], form.QuerySelectorAll("th a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Runs_without_a_choice_are_only_a_table_and_no_runs_are_a_sentence()
    {
        var view = Examples.Runs("words");

        var plain = Rendered.View<RunTable>(view with { ChoiceAddress = "" });
        Assert.Empty(plain.QuerySelectorAll("form, input, button"));
        Assert.Equal(2, plain.QuerySelectorAll("tbody tr").Length);
        Assert.Equal(["There are no runs yet."], Rendered.View<RunTable>(view with { Rows = [] }).Children.Texts());
    }

    [Fact]
    public void Recipes_are_compared_key_by_key()
    {
        var table = Rendered.View<RecipeDifferences>(
            new RecipeDifferencesView(["one", "two"], [new("model.dim", ["8", "16"]), new("seed", ["", "2"])])
        );

        Assert.Equal(["key", "one", "two"], table.QuerySelectorAll("thead th").Texts());
        Assert.Equal(["model.dim", "seed"], table.QuerySelectorAll("tbody th code").Texts());
        Assert.Equal(["8", "16", "–", "2"], table.QuerySelectorAll("td").Texts());
        Assert.Equal(
            ["The recipes are the same."],
            Rendered.View<RecipeDifferences>(new RecipeDifferencesView(["one", "two"], [])).Children.Texts()
        );
    }

    [Fact]
    public void A_live_chart_is_a_figure_until_a_script_takes_it()
    {
        var chart = Rendered.View<LiveChart>(Examples.Chart("words")).QuerySelector("figure#loss")!;

        Assert.Equal(
            ("lines", "/v1/runs/a/log", "words", "updates"),
            (
                chart.GetAttribute("data-chart"),
                chart.GetAttribute("data-source"),
                chart.GetAttribute("data-unit"),
                chart.GetAttribute("data-axis")
            )
        );
        Assert.True(chart.QuerySelector(".plot")!.HasAttribute("hidden"));
        Assert.Single(chart.QuerySelectorAll(".still:not([hidden]) svg[role=img]"));
        Assert.Equal(2, chart.QuerySelectorAll("details table").Length);
        Assert.Equal("polite", chart.QuerySelector("[role=status]")!.GetAttribute("aria-live"));
    }

    [Fact]
    public void A_summary_is_named_by_the_run_and_leads_to_it()
    {
        var view = Examples.Summary("words");

        var box = Rendered.View<RunSummary>(view).QuerySelector("article")!;
        Assert.Equal(box.QuerySelector("h3")!.Id, box.GetAttribute("aria-labelledby"));
        Assert.Equal("/runs/1", box.QuerySelector("h3 a")!.GetAttribute("href"));
        Assert.Single(box.QuerySelectorAll(".tile"));
        Assert.Empty(
            Rendered
                .View<RunSummary>(view with { Address = "", Kind = "", Numbers = [] })
                .QuerySelectorAll("a, .kind, .tiles")
        );
    }

    [Theory]
    [InlineData("words")]
    [InlineData(Examples.Hostile)]
    public void Text_of_the_user_stays_text(string text)
    {
        AngleSharp.Dom.IElement[] rendered =
        [
            Rendered.View<RunTable>(Examples.Runs(text)),
            Rendered.View<RunSummary>(Examples.Summary(text)),
            Rendered.View<LiveChart>(Examples.Chart(text)),
            Rendered.View<RecipeDifferences>(new RecipeDifferencesView([text], [new(text, [text])])),
        ];

        Assert.All(
            rendered,
            element =>
            {
                Assert.Empty(element.QuerySelectorAll("script, img, style, [onerror]"));
                Assert.Contains(text, element.TextContent, StringComparison.Ordinal);
            }
        );
    }
}
