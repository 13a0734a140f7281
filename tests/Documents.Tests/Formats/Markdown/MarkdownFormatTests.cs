namespace TransformerClinic.Documents.Tests.Formats.Markdown;

public class MarkdownFormatTests
{
    private const string Page = """
        ---
        title: Bleibt
        ---
        # Ein *Titel* #

        Ein Absatz mit **fettem [Verweis](http://x.de "t")** und `code`,
        der weitergeht &amp; endet.  
        Neue Zeile mit ![Bild](i.png) und \*Stern\*.

        > Zitat eins
        > zwei

        - [ ] Aufgabe
          1. innen

        | Kopf | b **c** |
        |------|---------|
        | d \| e | `f` |

        ```
        code bleibt
        ```

            auch dieser

        <div>bleibt</div>

        Fuß[^1], [siehe][r], http://auto.example, <http://x.y> und $x+y$.

        [^1]: Die Anmerkung.

        [r]: http://zz 'title'

        Setext
        ===

        > [!NOTE]
        > Hinweis
        """;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void What_is_not_changed_stays_byte_for_byte(string lineEnd)
    {
        var page = Page.Replace("\n", lineEnd, StringComparison.Ordinal);

        Assert.Equal(page, RoundTrip.Translate("markdown", page, FakeTranslators.Identity));
    }

    [Fact]
    public void Blocks_are_segments_and_elements_in_them_are_markup() =>
        Assert.Equal(
            [
                "Ein <0>Titel</0>",
                "Ein Absatz mit <0>fettem <1>Verweis</1></0> und <2/>, der weitergeht & endet.<3/>Neue Zeile "
                    + "mit <4>Bild</4> und *Stern*.",
                "Zitat eins zwei",
                "Aufgabe",
                "innen",
                "Kopf",
                "b <0>c</0>",
                "d | e",
                "Fuß<0/>, <1>siehe</1>, <2/>, <3/> und <4/>.",
                "Die Anmerkung.",
                "Setext",
                "Hinweis",
            ],
            RoundTrip.Segments("markdown", Page)
        );

    [Fact]
    public void Only_text_changes()
    {
        var translated = RoundTrip.Translate("markdown", Page, FakeTranslators.Capitals);

        Assert.Contains("title: Bleibt\n---\n# EIN *TITEL* #\n", translated, StringComparison.Ordinal);
        Assert.Contains(
            "EIN ABSATZ MIT **FETTEM [VERWEIS](http://x.de \"t\")** UND `code`, DER WEITERGEHT & ENDET.  \nNEUE ZEILE",
            translated,
            StringComparison.Ordinal
        );
        Assert.Contains("MIT ![BILD](i.png) UND \\*STERN\\*.", translated, StringComparison.Ordinal);
        Assert.Contains("> ZITAT EINS ZWEI\n\n- [ ] AUFGABE\n  1. INNEN\n", translated, StringComparison.Ordinal);
        Assert.Contains("| D \\| E | `f` |", translated, StringComparison.Ordinal);
        Assert.Contains("code bleibt", translated, StringComparison.Ordinal);
        Assert.Contains("<div>bleibt</div>", translated, StringComparison.Ordinal);
        Assert.Contains(
            "FUSS[^1], [SIEHE][r], http://auto.example, <http://x.y> UND $x+y$.",
            translated.Replace("FUß", "FUSS", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(MarkdownSkeleton.Of(Page), MarkdownSkeleton.Of(translated));
    }

    [Theory]
    [InlineData("# a [b] *c*")]
    [InlineData("1. eins")]
    [InlineData("- x | y")]
    [InlineData("> a `b` <b>")]
    [InlineData("=== &amp; \\ __a__ ~~b~~ $a$ b$")]
    [InlineData("+ a ![b](c)")]
    public void A_translation_cannot_add_markup(string translation)
    {
        var page = "Text\n\n| a | b |\n|---|---|\n| c | d |\n\n* e\n";
        var translated = RoundTrip.Translate("markdown", page, FakeTranslators.Saying(translation));

        Assert.Equal(MarkdownSkeleton.Of(page), MarkdownSkeleton.Of(translated));
        Assert.Contains(translation, Markdig.Markdown.ToPlainText(translated), StringComparison.Ordinal);
    }

    [Fact]
    public void Emphasis_has_no_space_inside_and_is_never_empty()
    {
        Assert.Equal("c **b** a", RoundTrip.Translate("markdown", "a **b** c", FakeTranslators.Reversing));
        Assert.Equal("x", RoundTrip.Translate("markdown", "a **b** c", FakeTranslators.Saying("x")));
        Assert.Equal(
            "B A **D C** E",
            RoundTrip.Translate("markdown", "e **c d** a b", FakeTranslators.Reversing).ToUpperInvariant()
        );
    }

    [Theory]
    [InlineData(">", "nested too deeply")]
    [InlineData("[a](", "brackets that are not closed")]
    [InlineData("[", "brackets that are not closed")]
    public void What_takes_the_parser_too_long_is_refused(string piece, string message) =>
        Assert.Contains(
            message,
            RoundTrip.Refusal("markdown", string.Concat(Enumerable.Repeat(piece, 30_000)) + " a"),
            StringComparison.Ordinal
        );
}
