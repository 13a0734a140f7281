using System.Text.RegularExpressions;
using System.Xml.Linq;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Tests.Reports;

public partial class PageTests
{
    private const string Hostile =
        "</style></script><script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;\0\uD800";

    public static TheoryData<string> Pages =>
        [
            "minimal",
            "empty",
            "full",
            "long",
            "not finite",
            "hostile",
            "comparison",
            "empty comparison",
            "hostile comparison",
            "outputs",
            "hostile outputs",
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_is_well_formed_with_unique_ids_and_nothing_of_a_template_left_over(string name)
    {
        var body = Body(Render(name));

        var ids = body.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Single(body.Descendants("h1"));
        foreach (
            var reference in body.Descendants()
                .Attributes()
                .Select(attribute => Reference().Match(attribute.Value))
                .Where(match => match.Success)
        )
        {
            Assert.Contains(reference.Groups[1].Value, ids);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_loads_nothing(string name)
    {
        var page = Render(name);

        Assert.DoesNotContain("http://", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page.Replace("url(#", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Body(page).Descendants(),
            element => element.Name.LocalName is "script" or "img" or "iframe" or "link" or "object"
        );
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_same_report_gives_the_same_bytes(string name) => Assert.Equal(Render(name), Render(name));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_figure_scales_and_has_words_and_numbers_for_those_who_do_not_see_it(string name)
    {
        foreach (var figure in Body(Render(name)).Descendants("figure"))
        {
            var drawing = figure.Elements("svg").Single();
            Assert.Equal("img", drawing.Attribute("role")?.Value);
            Assert.True(drawing.Attribute("aria-label")?.Value.Length > 30);
            Assert.NotNull(drawing.Attribute("viewBox"));
            Assert.Null(drawing.Attribute("width"));
            Assert.NotEmpty(figure.Descendants("details").Descendants("tbody").Descendants("tr"));
        }
    }

    [Theory]
    [InlineData("full", 8)]
    [InlineData("comparison", 3)]
    [InlineData("outputs", 2)]
    [InlineData("empty", 0)]
    public void The_page_has_a_figure_for_everything_measured(string name, int figures) =>
        Assert.Equal(figures, Body(Render(name)).Descendants("figure").Count());

    [Theory]
    [InlineData("full")]
    [InlineData("comparison")]
    [InlineData("outputs")]
    public void Every_colour_of_a_drawing_is_in_the_palette_and_brightened_on_a_dark_page(string name)
    {
        var page = Render(name);
        var colors = Body(page)
            .Descendants("svg")
            .Descendants()
            .Attributes()
            .Where(attribute => attribute.Name.LocalName is "fill" or "stroke" && attribute.Value is not "none")
            .Select(attribute => attribute.Value)
            .Distinct();

        foreach (var color in colors)
        {
            Assert.Contains(color, Palette.All);
            Assert.Contains($"=\"{color}\"] {{", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hostile")]
    [InlineData("hostile comparison")]
    [InlineData("hostile outputs")]
    public void Text_of_the_user_stays_text(string name)
    {
        var page = Render(name);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', page);
        Assert.Equal(1, page.Split("</style>").Length - 1);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)", page, StringComparison.Ordinal);
        Assert.Contains("&amp;amp;\u2400\uFFFD", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_log_is_thinned_and_the_page_says_so()
    {
        var page = Render("long");

        Assert.Contains("60 of 20,000 rows; all are in log.jsonl.", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1, 250_000);
    }

    [Fact]
    public void Losses_that_are_not_finite_are_counted() =>
        Assert.Contains("3 logged losses are not finite", Render("not finite"), StringComparison.Ordinal);

    [Fact]
    public void Samples_carry_the_language_only_if_it_is_one()
    {
        Assert.Contains(" lang=\"de\"", Render("full"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            " lang=\"src\"",
            ReportPage.Render(
                Patients.Full() with
                {
                    Recipe = new Recipe
                    {
                        Data = new DataOptions { SourceLanguage = "src", TargetLanguage = "en" },
                    },
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Dropped_pairs_are_shown_with_their_reasons()
    {
        var page = Render("full");

        Assert.Contains(
            "<td>28,713</td><td>287</td><td class=\"text\">empty: 272, length ratio above 9: 12, "
                + "longer than 175 subwords: 3</td>",
            page,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_changed_when_read_is_shown_if_there_is_any()
    {
        var patient = Patients.Full();
        var changed = patient.Data[0] with { Changed = [new LedgerEntry("without inline tags, 9 in all", 5, [1])] };

        Assert.DoesNotContain("changed when read", Render("full"), StringComparison.Ordinal);
        Assert.Contains(
            "<td class=\"text\">without inline tags, 9 in all: 5</td>",
            ReportPage.Render(patient with { Data = [changed, .. patient.Data.Skip(1)] }),
            StringComparison.Ordinal
        );
    }

    private static string Render(string name) =>
        name switch
        {
            "minimal" => ReportPage.Render(Patients.Minimal),
            "empty" => ReportPage.Render(Patients.Minimal with { Curve = new LearningCurve() }),
            "full" => ReportPage.Render(Patients.Full()),
            "long" => ReportPage.Render(Patients.Full(20_000)),
            "not finite" => ReportPage.Render(NotFinite()),
            "hostile" => ReportPage.Render(HostileRun()),
            "outputs" => OutputComparisonPage.Render(Patients.Outputs("one", "two", "")),
            "hostile outputs" => OutputComparisonPage.Render(Patients.Outputs(Hostile, Hostile + "2", Hostile)),
            "comparison" => ComparisonPage.Render(Patients.Comparison),
            "empty comparison" => ComparisonPage.Render(
                Patients.Comparison with
                {
                    Runs = [],
                    Environment = [],
                    Commands = [],
                    RecipeYaml = "",
                }
            ),
            "hostile comparison" => ComparisonPage.Render(
                Patients.Comparison with
                {
                    Title = Hostile,
                    RecipeYaml = Hostile,
                    Runs =
                    [
                        .. Patients.Comparison.Runs.Select(run =>
                            run with
                            {
                                Run = run.Run with
                                {
                                    Results = run.Results with
                                    {
                                        Outcome = RunOutcome.Stuck,
                                        Verdict = Hostile,
                                        BleuSignature = Hostile,
                                    },
                                },
                            }
                        ),
                    ],
                }
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };

    private static RunReport NotFinite()
    {
        var full = Patients.Full();
        var broken = full.Curve.Train[^1] with
        {
            Nll = double.NaN,
            Loss = double.PositiveInfinity,
            GradientNorm = double.NegativeInfinity,
            TokensPerSecond = double.NaN,
        };
        return full with
        {
            Curve = full.Curve with
            {
                Train = [.. full.Curve.Train.SkipLast(2), broken, broken],
                Valid = [.. full.Curve.Valid, new ValidPoint(2001, double.NaN, double.NaN)],
            },
            Results = full.Results with { ValidationPerplexity = double.NaN, Bleu = 0 },
        };
    }

    private static RunReport HostileRun() =>
        Patients.Full() with
        {
            Recipe = new Recipe
            {
                Name = Hostile,
                Data = new DataOptions { SourceLanguage = Hostile, TargetLanguage = Hostile },
            },
            Verdict = new RunVerdict(RunOutcome.Stable, Hostile, [Hostile]),
            RecipeYaml = Hostile,
            Commands = [Hostile],
            Environment = [Hostile],
            Samples = [new SampleTranslation(Hostile, Hostile, Hostile), new SampleTranslation("", "", "")],
            Data = [new Ledger(Hostile, 3, 1, [new LedgerEntry(Hostile, 2, [1])])],
            Results = Patients.Full().Results with { BleuSignature = Hostile },
            Profile = Patients.Full().Profile! with { BatchHash = Hostile },
        };

    // The body of our pages is XML too, which is stricter than HTML: every element closed, every attribute quoted.
    private static XElement Body(string page) =>
        XElement.Parse(
            page[
                page.IndexOf("<body>", StringComparison.Ordinal)..page.LastIndexOf("</html>", StringComparison.Ordinal)
            ]
        );

    [GeneratedRegex(@"^url\(#(.+)\)$")]
    private static partial Regex Reference();
}
