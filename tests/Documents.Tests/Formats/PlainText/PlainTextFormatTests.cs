using System.Text;

namespace TransformerClinic.Documents.Tests.Formats.PlainText;

public class PlainTextFormatTests
{
    private const string Text = """
        Der Titel

        Dieser Absatz ist umbrochen, und der Satz geht
        in der nächsten Zeile weiter. Hier endet er nicht
        sondern erst hier.
          - ein Punkt
          - noch ein Punkt

        42

        Goethestraße 1
        80336 München
        """;

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\r", "\r\r")]
    public void Lines_and_line_ends_stay(string lineEnd, string last)
    {
        var text = Text.Replace("\n", lineEnd, StringComparison.Ordinal) + last;

        Assert.Equal(text, RoundTrip.Translate("text", text, FakeTranslators.Identity));
        Assert.Equal(
            text.ToUpperInvariant().Replace("ẞ", "ß", StringComparison.Ordinal),
            RoundTrip.Translate("text", text, FakeTranslators.Capitals)
        );
    }

    [Fact]
    public void A_wrapped_sentence_is_one_segment_and_gets_as_many_lines()
    {
        Assert.Equal(
            [
                "Der Titel",
                "Dieser Absatz ist umbrochen, und der Satz geht in der nächsten Zeile weiter. Hier endet er nicht "
                    + "sondern erst hier.",
                "- ein Punkt",
                "- noch ein Punkt",
                "Goethestraße 1",
                "80336 München",
            ],
            RoundTrip.Segments("text", Text)
        );
        Assert.Equal(
            Text.Split('\n').Length,
            RoundTrip.Translate("text", Text, FakeTranslators.Saying("one two three four")).Split('\n').Length
        );
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_byte_order_mark_decides_the_encoding_and_stays(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] document = [.. encoding.GetPreamble(), .. encoding.GetBytes("Äpfel 😀\n")];

        Assert.Equal(document, RoundTrip.Translate("text", document, FakeTranslators.Identity));
        Assert.Equal(
            [.. encoding.GetPreamble(), .. encoding.GetBytes("ÄPFEL 😀\n")],
            RoundTrip.Translate("text", document, FakeTranslators.Capitals)
        );
    }

    [Fact]
    public void Other_encodings_are_refused()
    {
        Assert.Contains("iconv", RoundTrip.Refusal("text", [0xC4, 0x70]), StringComparison.Ordinal);
        Assert.Contains("UTF-32", RoundTrip.Refusal("text", [0xFF, 0xFE, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("NUL", RoundTrip.Refusal("text", "a\0b"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_document_stays_empty() =>
        Assert.Equal("", RoundTrip.Translate("text", "", FakeTranslators.Capitals));
}
