using System.Text;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats.Html;

public class HtmlFormatTests
{
    private const string Page = """
        <!DOCTYPE html>
        <HTML lang=de><head><meta charset="utf-8"><title>Ein &amp; Titel</title>
        <style>p { color: red } /* Text */</style><script>if (a<b) "Text"</script></head>
        <body class=x><h1>Caf&eacute; <em>heute</em></h1>
        <p>Ein <b>fetter</b>
           Satz mit <a href="x.html?a=1&b=2" title='Ein Hinweis'>Verweis</a>.<p>Noch einer<br>Zeile zwei<br>und weiter
        <ul><li>eins<li>zwei <code>code()</code> drei</ul>
        <p translate="no">Bleibt <b>so</b>.</p><pre> bleibt
          auch </pre><!-- Kommentar -->
        <p><span class="notranslate">Firma</span> sagt: <img src=a.png alt="Ein Bild"> gut</p>
        <table><tr><td>Zelle<td>zwei</table>
        <input placeholder="Ihr Name" aria-label=Name><textarea>bleibt</textarea>
        </body></HTML>
        """;

    [Fact]
    public void What_is_not_changed_stays_byte_for_byte()
    {
        var windows = Page.Replace("\n", "\r\n", StringComparison.Ordinal);

        Assert.Equal(Page, RoundTrip.Translate("html", Page, FakeTranslators.Identity));
        Assert.Equal(windows, RoundTrip.Translate("html", windows, FakeTranslators.Identity));
    }

    [Fact]
    public void Blocks_are_segments_and_elements_in_them_are_markup() =>
        Assert.Equal(
            [
                "Ein & Titel",
                "Café <0>heute</0>",
                "Ein Hinweis",
                "Ein <0>fetter</0> Satz mit <1>Verweis</1>.",
                "Noch einer",
                "Zeile zwei<0/>und weiter",
                "eins",
                "zwei <0/> drei",
                "Ein Bild",
                "sagt: <0/> gut",
                "Zelle",
                "zwei",
                "Ihr Name",
                "Name",
            ],
            RoundTrip.Segments("html", Page)
        );

    [Fact]
    public void Only_text_changes()
    {
        var translated = RoundTrip.Translate("html", Page, FakeTranslators.Capitals);

        Assert.Contains("<title>EIN &amp; TITEL</title>", translated, StringComparison.Ordinal);
        Assert.Contains(
            "<h1>CAFÉ <em>HEUTE</em></h1>\n<p>EIN <b>FETTER</b> SATZ MIT ",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<a href=\"x.html?a=1&b=2\" title=\"EIN HINWEIS\">VERWEIS</a>.<p>NOCH EINER<br>",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains("<li>EINS<li>ZWEI <code>code()</code> DREI</ul>", translated, StringComparison.Ordinal);
        Assert.Contains(
            "<p translate=\"no\">Bleibt <b>so</b>.</p><pre> bleibt\n  auch </pre>",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Firma</span> SAGT: <img src=a.png alt=\"EIN BILD\"> GUT",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "placeholder=\"IHR NAME\" aria-label=\"NAME\"><textarea>bleibt<",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains("if (a<b) \"Text\"", translated, StringComparison.Ordinal);
        Assert.Equal(HtmlSkeleton.Of(Page), HtmlSkeleton.Of(translated));
    }

    [Fact]
    public void Markup_moves_with_its_words_and_the_attributes_in_it_are_translated() =>
        Assert.Equal(
            "<p>c <b><i title=\"X Z\">b</i></b> a</p>",
            RoundTrip.Translate("html", "<p>a <b><i title='Z X'>b</i></b> c</p>", FakeTranslators.Reversing)
        );

    [Fact]
    public void A_translation_cannot_add_markup() =>
        Assert.Equal(
            "<p>&lt;script&gt; &amp;amp;&nbsp;\"</p><img alt=\"&lt;script> &amp;amp;\u00A0&quot;\">",
            RoundTrip.Translate("html", "<p>a</p><img alt=b>", FakeTranslators.Saying("<script> &amp;\u00A0\""))
        );

    [Fact]
    public void The_encoding_is_the_declared_one_and_other_characters_become_references()
    {
        var latin = Encoding.Latin1;
        byte[] page = latin.GetBytes("<meta http-equiv=x content='text/html; charset=iso-8859-1'><p>Ä</p>");

        Assert.Equal(page, RoundTrip.Translate("html", page, FakeTranslators.Identity));
        Assert.Equal(
            "<meta http-equiv=x content='text/html; charset=iso-8859-1'><p>Ö &#268; &#128512;</p>",
            latin.GetString(RoundTrip.Translate("html", page, FakeTranslators.Saying("Ö Č 😀")))
        );
        Assert.Contains(
            "'klingon' is not known",
            RoundTrip.Refusal("html", "<meta charset=klingon><p>a"),
            StringComparison.Ordinal
        );
        Assert.Contains("utf-8", RoundTrip.Refusal("html", latin.GetBytes("<p>Ä</p>")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html><p>a", "<html lang=\"en\"><p>a")]
    [InlineData("<html class='x' lang='de'>", "<html class='x' lang=\"en\">")]
    [InlineData("<p>1", "<p>1")]
    public void The_root_gets_the_language_if_that_is_asked_for(string page, string expected)
    {
        var options = new DocumentOptions { SetLanguage = true, TargetLanguage = "en" };

        Assert.Equal(expected, RoundTrip.Translate("html", page, FakeTranslators.Identity, options));
        Assert.Equal(
            page,
            RoundTrip.Translate("html", page, FakeTranslators.Identity, options with { SetLanguage = false })
        );
    }

    [Theory]
    [InlineData("<p>a <b>b<p>c</b> d")]
    [InlineData("a < b & c &notit; </nothing> <div")]
    [InlineData("<p title=>x<a title='é&quot;' title=y>z</a></p></p>")]
    [InlineData("<svg><title>t</title><text>u</text><![CDATA[v]]></svg>w<math><mi>x</mi></math>")]
    [InlineData("<p translate=no>a<p>b<ul><li class=notranslate>c<li>d</ul><td>e")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?><html xmlns='x'><br/>a<p/>b</html>")]
    [InlineData("<!--[if IE]><p>a</p><![endif]--><plaintext>b</plaintext><p>c")]
    public void Odd_pages_stay_byte_for_byte_and_keep_their_structure(string page)
    {
        Assert.Equal(page, RoundTrip.Translate("html", page, FakeTranslators.Identity));
        Assert.Equal(
            HtmlSkeleton.Of(page),
            HtmlSkeleton.Of(RoundTrip.Translate("html", page, FakeTranslators.Bracketing))
        );
    }
}
