using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats.Docx;

public class DocxFormatTests
{
    [Theory]
    [InlineData("<p><pPr><jc/></pPr><r><t>Hallo </t></r><r><t>Welt</t></r></p>", "HalloWelt")]
    [InlineData(
        "<p><r rsidR=\"1\"><t xml:space=\"preserve\">Hallo </t></r><proofErr type=\"x\"/><r>" + "<t>Welt</t></r></p>",
        "Hallo Welt"
    )]
    [InlineData(
        "<p><r><t xml:space=\"preserve\">Das ist </t></r><r><rPr><b/></rPr><t>fett</t></r><r><t>.</t></r></p>",
        "Das ist <0>fett</0>."
    )]
    [InlineData(
        "<p><bookmarkStart id=\"1\"/><r><t>Ein</t></r><hyperlink><r><t>Verweis</t></r>"
            + "</hyperlink><bookmarkEnd id=\"1\"/></p>",
        "Ein<0>Verweis</0>"
    )]
    [InlineData("<p><hyperlink><r><rPr><u/></rPr><t>Nur Verweis</t></r></hyperlink></p>", "Nur Verweis")]
    [InlineData(
        "<p><r><t>Name</t><tab/><t>Wert</t><br/><t>Neue Zeile</t><br/><t>weiter</t></r></p>",
        "Name|Wert|Neue Zeile<0/>weiter"
    )]
    [InlineData(
        "<p><r><t>alt</t></r><del><r><delText>weg</delText></r></del><ins><r><t>neu</t></r></ins></p>",
        "alt<0/><1>neu</1>"
    )]
    [InlineData(
        "<p><r><t>Seite</t></r><r><fldChar fldCharType=\"begin\"/></r><r><instrText>PAGE"
            + "</instrText></r><r><fldChar fldCharType=\"separate\"/></r><r><t>drei</t></r><r>"
            + "<fldChar fldCharType=\"end\"/></r><r><t>von</t></r></p>",
        "Seite<0/>von"
    )]
    [InlineData(
        "<p><r><t>Hier</t></r><r><fldChar fldCharType=\"begin\"/></r><r><instrText>"
            + " HYPERLINK \"x\"</instrText></r><r><fldChar fldCharType=\"separate\"/></r><r><t>"
            + "klicken</t></r><r><fldChar fldCharType=\"end\"/></r></p>",
        "Hier<0>klicken</0>"
    )]
    [InlineData(
        "<p><r><fldChar fldCharType=\"begin\"/></r><r><t>Inhalt</t></r></p><p><r><t>im Feld"
            + "</t></r></p><p><r><fldChar fldCharType=\"end\"/></r><r><t>nach</t></r></p>",
        "nach"
    )]
    [InlineData(
        "<p><sdt><sdtPr><id/></sdtPr><sdtContent><r><t>Feld</t></r></sdtContent></sdt><r><t>"
            + "da</t></r><sdt><sdtPr><date/></sdtPr><sdtContent><r><t>heute</t></r></sdtContent>"
            + "</sdt></p>",
        "<0>Feld</0>da"
    )]
    [InlineData("<tbl><tr><tc><p><r><t>Zelle</t></r></p></tc><tc><p><r><t>12</t></r></p></tc></tr></tbl>", "Zelle")]
    [InlineData(
        "<p><r><t>a</t><noBreakHyphen/><t>b</t><softHyphen/><t>c</t>" + "<footnoteReference id=\"2\"/><t>d</t></r></p>",
        "a\u2011bc<0/>d"
    )]
    [InlineData(
        "<p><r><t>a</t></r><bookmarkStart id=\"1\"/><r><t>b</t></r><bookmarkStart id=\"2\"/><r><t>c</t></r>"
            + "<bookmarkEnd id=\"1\"/><r><t>d</t></r><bookmarkEnd id=\"2\"/><r><t>e</t></r></p>",
        "a<0>b<1/>c</0>d<2/>e"
    )]
    [InlineData("<p/><p><r/></p><p><pPr/></p>", "")]
    public void Paragraphs_are_segments_and_what_is_in_them_is_markup(string body, string expected)
    {
        var document = DocxFile.Of(body);

        Assert.Equal(expected, string.Join('|', RoundTrip.Segments("docx", document)));
        Assert.Equal(document, RoundTrip.Translate("docx", document, FakeTranslators.Identity));
    }

    [Fact]
    public void A_paragraph_is_written_with_the_format_of_each_word()
    {
        const string body =
            "<p x=\"1\"><pPr><jc/></pPr><r><t xml:space=\"preserve\">eins </t></r>"
            + "<hyperlink r=\"1\"><r><rPr><b/></rPr><t>zwei &amp; drei</t></r></hyperlink>"
            + "<r><tab/><t>vier</t></r><bookmarkEnd id=\"1\"/></p><p><r rsid=\"1\"><t>12</t></r></p>";

        Assert.Equal(
            "<p x=\"1\"><pPr><jc/></pPr><hyperlink r=\"1\"><r><rPr><b/></rPr><t>drei &amp; zwei</t></r>"
                + "</hyperlink><r><t xml:space=\"preserve\"> eins</t></r><r><tab/></r><r><t>vier</t></r>"
                + "<bookmarkEnd id=\"1\"/></p><p><r rsid=\"1\"><t>12</t></r></p>",
            DocxFile.Body(RoundTrip.Translate("docx", DocxFile.Of(body), FakeTranslators.Reversing))
        );
    }

    [Fact]
    public void Text_boxes_are_translated_inside_of_paragraphs_that_are_and_that_are_not()
    {
        const string box = "<pict><txbxContent><p><r><t>innen</t></r></p></txbxContent></pict>";
        const string body = $"<p><r>{box}</r></p><p><r><t>außen</t>{box}<t>da</t></r></p>";

        Assert.Equal(["innen", "außen<0/>da", "innen"], RoundTrip.Segments("docx", DocxFile.Of(body)));
        var big = box.Replace("innen", "INNEN", StringComparison.Ordinal);
        Assert.Equal(
            $"<p><r>{big}</r></p><p><r><t>AUßEN</t></r><r>{big}</r><r><t>DA</t></r></p>",
            DocxFile.Body(RoundTrip.Translate("docx", DocxFile.Of(body), FakeTranslators.Capitals))
        );
    }

    [Fact]
    public void Parts_without_a_change_stay_byte_for_byte()
    {
        var document = DocxFile.Of("<p><r><t>a</t></r></p>");
        var translated = RoundTrip.Translate("docx", document, FakeTranslators.Capitals);

        Assert.Equal(
            DocxFile.Parts(document).Where(part => part.Name != "word/document.xml"),
            DocxFile.Parts(translated).Where(part => part.Name != "word/document.xml"),
            (one, other) => one.Name == other.Name && one.Bytes.SequenceEqual(other.Bytes)
        );
        Assert.Equal("<p><r><t>A</t></r></p>", DocxFile.Body(translated));
    }

    [Fact]
    public void Documents_with_macros_are_translated_and_macros_stay()
    {
        var document = DocxFile.Of("<p><r><t>a</t></r></p>", "application/vnd.ms-word.document.macroEnabled.main+xml");

        Assert.Contains(
            "<t>A</t>",
            DocxFile.Body(RoundTrip.Translate("docx", document, FakeTranslators.Capitals)),
            StringComparison.Ordinal
        );
        Assert.Equal("docx", DocumentFormats.Of("a.DOCM").Name);
    }
}
