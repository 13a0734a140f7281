using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats.Subtitles;

public class SubtitleFormatTests
{
    private const string Srt = """
        1
        00:00:01,000 --> 00:00:02,500
        <i>Wir haben das Haus</i>
        <i>gestern verkauft,</i>

        2
        00:00:02,600 --> 00:00:04,000 X1:10 X2:20
        {\an8}weil es zu groß war.

        3
        00:00:10,000 --> 00:00:12,000
        - Kommst <b>du</b> mit?
        - Nein.

        4
        00:00:13,000 --> 00:00:14,000
        ♪

        """;

    private const string Vtt = """
        WEBVTT - Ein Titel
        Kind: captions

        STYLE
        ::cue { color: white }

        NOTE Das bleibt.

        eins
        00:01.000 --> 00:02.000 align:start
        <v Anna>Hallo &amp; <c.laut>guten Tag</c>,

        00:02.100 --> 00:03.000
        <v Anna>mein Freund<00:02.500> Tom.

        00:00:05.000 --> 00:00:06.000
        [Musik]
        """;

    [Theory]
    [InlineData("srt", Srt, "\n")]
    [InlineData("srt", Srt, "\r\n")]
    [InlineData("vtt", Vtt, "\n")]
    [InlineData("vtt", Vtt, "\r\n")]
    [InlineData("vtt", Vtt, "\r")]
    public void What_is_not_changed_stays_byte_for_byte(string format, string text, string lineEnd)
    {
        var lines = text.Replace("\n", lineEnd, StringComparison.Ordinal);

        Assert.Equal(lines, RoundTrip.Translate(format, lines, FakeTranslators.Identity));
        Assert.Equal("\uFEFF" + lines, RoundTrip.Translate(format, "\uFEFF" + lines, FakeTranslators.Identity));
    }

    [Fact]
    public void A_sentence_over_several_cues_is_one_segment() =>
        Assert.Equal(
            ["Wir haben das Haus gestern verkauft, weil es zu groß war.", "- Kommst <0>du</0> mit?", "- Nein."],
            RoundTrip.Segments("srt", Srt)
        );

    [Fact]
    public void Each_cue_is_a_segment_if_that_is_asked_for() =>
        Assert.Equal(
            ["Wir haben das Haus gestern verkauft,", "weil es zu groß war.", "- Kommst <0>du</0> mit?", "- Nein."],
            RoundTrip.Segments("srt", Srt, new DocumentOptions { EachLine = true })
        );

    [Fact]
    public void Only_the_text_of_cues_changes()
    {
        Assert.Equal(
            Srt.Replace("Wir haben das Haus", "WIR HABEN DAS HAUS", StringComparison.Ordinal)
                .Replace("gestern verkauft,", "GESTERN VERKAUFT,", StringComparison.Ordinal)
                .Replace("weil es zu groß war.", "WEIL ES ZU GROß WAR.", StringComparison.Ordinal)
                .Replace("Kommst <b>du</b> mit?", "KOMMST <b>DU</b> MIT?", StringComparison.Ordinal)
                .Replace("Nein.", "NEIN.", StringComparison.Ordinal),
            RoundTrip.Translate("srt", Srt, FakeTranslators.Capitals)
        );
        Assert.Equal(
            Vtt.Replace(
                    "Hallo &amp; <c.laut>guten Tag</c>,",
                    "HALLO &amp; <c.laut>GUTEN TAG</c>,",
                    StringComparison.Ordinal
                )
                .Replace("mein Freund<00:02.500> Tom.", "MEIN FREUND<00:02.500> TOM.", StringComparison.Ordinal)
                .Replace("[Musik]", "[MUSIK]", StringComparison.Ordinal),
            RoundTrip.Translate("vtt", Vtt, FakeTranslators.Capitals)
        );
    }

    [Fact]
    public void A_cue_for_which_no_word_is_left_repeats_the_one_before_it()
    {
        var translated = RoundTrip.Translate("srt", Srt, FakeTranslators.Saying("Sold."));

        Assert.Contains("00:00:02,500\n<i>Sold.</i>\n\n2\n", translated, StringComparison.Ordinal);
        Assert.Contains("X1:10 X2:20\n{\\an8}Sold.\n\n3\n", translated, StringComparison.Ordinal);
    }

    [Fact]
    public void A_span_that_a_translation_puts_across_cues_is_closed_and_opened_again()
    {
        const string text =
            "1\n00:00:01,000 --> 00:00:02,000\nEins zwei <b>drei\n\n"
            + "2\n00:00:02,000 --> 00:00:03,000\nvier</b> fünf sechs.\n";
        Assert.Equal(
            text.Replace("Eins zwei <b>drei", "EINS ZWEI <b>DREI", StringComparison.Ordinal)
                .Replace("vier</b> fünf sechs", "VIER</b> FÜNF SECHS", StringComparison.Ordinal),
            RoundTrip.Translate("srt", text, FakeTranslators.Capitals)
        );

        const string whole =
            "1\n00:00:01,000 --> 00:00:02,000\nSo <b>eins zwei drei vier</b> da\n\n"
            + "2\n00:00:02,000 --> 00:00:03,000\nund\n";
        var translated = RoundTrip.Translate(
            "srt",
            whole.Replace("und", "und nun folgt hier mehr", StringComparison.Ordinal),
            FakeTranslators.Reversing
        );
        Assert.Equal(2, translated.Split("<b>").Length - 1 + (translated.Split("</b>").Length - 1));
    }

    [Fact]
    public void A_translation_cannot_add_a_line_or_a_cue()
    {
        var translated = RoundTrip.Translate(
            "srt",
            Srt,
            FakeTranslators.Saying("a\n\n9\n00:00:01,000 --> 00:00:02,000\nb c d e f")
        );

        Assert.Equal(Srt.Split('\n').Length, translated.Split('\n').Length);
        Assert.Equal(4, translated.Split("-->").Length - 1);
        Assert.DoesNotContain(
            "<x>",
            RoundTrip.Translate("vtt", Vtt, FakeTranslators.Saying("<x> & --> y")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_line_with_an_arrow_ends_a_cue_of_webvtt()
    {
        const string text = "WEBVTT\n\n00:01.000 --> 00:02.000\neins\n00:02.000 --> 00:03.000\nzwei\nx --> y\ndrei\n";

        Assert.Equal(["eins", "zwei"], RoundTrip.Segments("vtt", text, new DocumentOptions { EachLine = true }));
        Assert.Equal(
            text.Replace("eins", "EINS", StringComparison.Ordinal).Replace("zwei", "ZWEI", StringComparison.Ordinal),
            RoundTrip.Translate("vtt", text, FakeTranslators.Capitals, new DocumentOptions { EachLine = true })
        );
    }

    [Fact]
    public void What_is_not_a_subtitle_file_is_refused()
    {
        Assert.Contains("no line with times", RoundTrip.Refusal("srt", "Hallo\n"), StringComparison.Ordinal);
        Assert.Contains("WEBVTT", RoundTrip.Refusal("vtt", Srt), StringComparison.Ordinal);
        Assert.Contains("not text in utf-8", RoundTrip.Refusal("srt", [0xE4, 0x0A]), StringComparison.Ordinal);
    }
}
