using System.Globalization;
using System.Text.RegularExpressions;

namespace TransformerClinic.Pages.Tests;

public partial class StyleSheetTests
{
    // WCAG 2.2: 1.4.3 for text, 1.4.11 for what shows where the keyboard is.
    private const double LeastOfText = 4.5;
    private const double LeastOfMarks = 3;

    private static readonly (string Ink, string Ground, double Least)[] Pairs =
    [
        .. from ink in (string[])["ink", "quiet", "link"]
        from ground in (string[])["page", "card"]
        select (ink, ground, LeastOfText),
        .. ((string[])["good", "fair", "poor", "unknown"]).Select(mood => ($"{mood}-ink", mood, LeastOfText)),
        // The words of a button, and of one that the pointer is on.
        ("page", "ink", LeastOfText),
        ("page", "quiet", LeastOfText),
        ("focus", "page", LeastOfMarks),
        ("focus", "card", LeastOfMarks),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_text_stands_out_from_its_ground(bool dark)
    {
        var colors = Colors(dark);

        var faint = Pairs
            .Select(pair => (pair.Ink, pair.Ground, pair.Least, Found: Contrast(colors[pair.Ink], colors[pair.Ground])))
            .Where(pair => pair.Found < pair.Least)
            .Select(pair => $"{pair.Ink} on {pair.Ground}: {pair.Found:0.00} instead of {pair.Least}");

        Assert.Empty(faint);
    }

    [Fact]
    public void Both_themes_have_the_same_colors_and_every_color_is_compared_or_a_line()
    {
        Assert.Equal(Colors(dark: false).Keys.Order(), Blocks(StyleSheet.Text)[1].Keys.Order());
        Assert.Equal(
            Colors(dark: false).Keys.Except(["line"]).Order(),
            Pairs.SelectMany(pair => (string[])[pair.Ink, pair.Ground]).Distinct().Order()
        );
    }

    [Fact]
    public void Contrast_is_that_of_the_guidelines()
    {
        Assert.Equal(21, Contrast("#000000", "#ffffff"), 6);
        Assert.Equal(1, Contrast("#767676", "#767676"), 6);
        Assert.Equal(4.54, Contrast("#767676", "#ffffff"), 2);
    }

    [Fact]
    public void The_dark_theme_is_for_screens_and_paper_stays_white() =>
        Assert.Equal(
            ["@media screen and (prefers-color-scheme: dark)", "@media (max-width: 600px)", "@media print"],
            Media().Matches(StyleSheet.Text).Select(match => match.Value.Trim())
        );

    [Fact]
    public void The_sheet_loads_nothing()
    {
        Assert.DoesNotContain("url(", StyleSheet.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", StyleSheet.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', StyleSheet.Text);
    }

    private static Dictionary<string, string> Colors(bool dark)
    {
        var blocks = Blocks(StyleSheet.Text);
        Assert.Equal(2, blocks.Count);
        var colors = new Dictionary<string, string>(blocks[0]);
        foreach (var (name, color) in dark ? blocks[1] : [])
        {
            colors[name] = color;
        }

        return colors;
    }

    private static List<Dictionary<string, string>> Blocks(string sheet) =>
        [
            .. Root()
                .Matches(sheet)
                .Select(block =>
                    Variable()
                        .Matches(block.Value)
                        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["color"].Value)
                ),
        ];

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color) =>
        ((double[])[0.2126, 0.7152, 0.0722])
            .Select(
                (weight, i) =>
                    weight
                    * Linear(
                        int.Parse(color.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    )
            )
            .Sum();

    private static double Linear(int value)
    {
        var share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex("--(?<name>[a-z-]+): (?<color>#[0-9a-f]{6});")]
    private static partial Regex Variable();

    [GeneratedRegex("@media [^{]+")]
    private static partial Regex Media();
}
