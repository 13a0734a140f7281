using System.Xml.Linq;
using TransformerClinic.Common;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Tests.Reports.Markup;

public class HtmlTests
{
    [Fact]
    public void Text_is_escaped_and_markup_is_not()
    {
        var inner = Html.Of($"<b>{"<&>\"'ü😀"}</b>");

        Assert.Equal("<p><b>&lt;&amp;&gt;&quot;&#39;ü😀</b></p>", Html.Of($"<p>{inner}</p>").ToString());
    }

    [Fact]
    public void Whatever_the_text_the_markup_is_well_formed()
    {
        var every = string.Concat(Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code));
        var markup = Html.Of($"<p>{every}</p>").ToString();

        Assert.DoesNotContain(markup, c => char.IsControl(c) && c is not ('\t' or '\n'));
        Assert.Contains("␛", XElement.Parse(markup).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(593.4, "9 min 53 s")]
    [InlineData(3599.7, "1 h 0 min")]
    [InlineData(double.NaN, "–")]
    public void Durations_are_written_for_people(double seconds, string text) =>
        Assert.Equal(text, Numbers.Duration(seconds));

    [Theory]
    [InlineData(6.4883, "6.5")]
    [InlineData(1204.2, "1,204")]
    [InlineData(5.3e9, "5.3e9")]
    [InlineData(double.PositiveInfinity, "infinite")]
    [InlineData(null, "–")]
    public void Perplexities_are_as_precise_as_they_are_large(double? value, string text) =>
        Assert.Equal(text, Numbers.Perplexity(value));

    [Theory]
    [InlineData(12_345, "12,345")]
    [InlineData(999_960, "1.0 million")]
    [InlineData(2.5e9, "2.5 billion")]
    public void Large_counts_are_rounded(double value, string text) => Assert.Equal(text, Numbers.RoughCount(value));
}
