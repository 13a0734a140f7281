using TransformerClinic.Reproduction.Results;

namespace TransformerClinic.Reproduction.Tests.Results;

public class PageWidthTests
{
    private static readonly string Words = string.Join(' ', Enumerable.Repeat("four", 30));

    [Fact]
    public void A_paragraph_is_broken_at_a_space_and_keeps_its_words()
    {
        var lines = PageWidth.Wrap(Words).Split('\n');

        Assert.Equal([119, 29], lines.Select(line => line.Length));
        Assert.Equal(Words, string.Join(' ', lines));
    }

    [Fact]
    public void A_quotation_stays_one() =>
        Assert.All(
            PageWidth.Wrap($"> {Words}").Split('\n'),
            line => Assert.StartsWith("> four", line, StringComparison.Ordinal)
        );

    [Fact]
    public void Tables_code_and_short_lines_stay_as_they_are()
    {
        var page = $"short\n\n| {Words} |\n```\n{Words}\n```\n";

        Assert.Equal(page, PageWidth.Wrap(page));
    }
}
