using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports;

namespace TransformerClinic.Tests.Reports;

public class PageRendererTests
{
    /// <summary>Components escape as drawings do: letters of all scripts stay legible in the file.</summary>
    [Fact]
    public void Text_in_components_is_escaped_and_stays_legible()
    {
        Assert.Equal("<p>ü → 中 😀 &#39;+&quot; &lt;&amp;&gt;</p>", Sentence("ü → 中 😀 '+\" <&>"));
        Assert.Equal("<p>␀␛[31m \\u009B \uFFFD \uFFFD\n\t</p>", Sentence("\0\u001B[31m \u009B \uD800 \uFFFF\n\t"));
    }

    [Fact]
    public void Nothing_of_one_page_is_left_in_the_next()
    {
        var first = Sentence("one");

        Assert.Equal("<p>two</p>", Sentence("two"));
        Assert.Equal(first, Sentence("one"));
    }

    private static string Sentence(string text)
    {
        var html = PageRenderer.Render<Verdict>(
            new Dictionary<string, object?> { [nameof(Verdict.View)] = new VerdictView("") { Details = [text] } }
        );
        return html[html.LastIndexOf("<p>", StringComparison.Ordinal)..];
    }
}
