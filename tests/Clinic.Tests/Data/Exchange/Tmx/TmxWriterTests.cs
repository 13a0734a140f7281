using System.Text;
using System.Xml.Linq;
using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Data.Exchange.Tmx;

namespace TransformerClinic.Tests.Data.Exchange.Tmx;

public class TmxWriterTests
{
    [Fact]
    public void A_file_is_what_it_always_was_but_for_the_version()
    {
        var text = Encoding.UTF8.GetString(
            Written([new("Öl & <Wasser>", "oil\r\n\"and\" water"), new("", "\u0001")], ("x-score", "-0.5"))
        );
        Assert.Matches("creationtoolversion=\"[0-9.]+[^\"]*\"", text);
        var version = XDocument.Parse(text).Root!.Element("header")!.Attribute("creationtoolversion")!.Value;
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<tmx version=\"1.4\">\n"
                + $"<header creationtool=\"TransformerClinic\" creationtoolversion=\"{version}\" segtype=\"sentence\" "
                + "o-tmf=\"plain text\" adminlang=\"en\" srclang=\"de\" datatype=\"plaintext\" />\n<body>\n"
                + "<tu><prop type=\"x-score\">-0.5</prop><tuv xml:lang=\"de\"><seg>Öl &amp; &lt;Wasser&gt;</seg></tuv>"
                + "<tuv xml:lang=\"en-US\"><seg>oil&#xD;\n\"and\" water</seg></tuv></tu>\n"
                + "<tu><prop type=\"x-score\">-0.5</prop><tuv xml:lang=\"de\"><seg /></tuv>"
                + "<tuv xml:lang=\"en-US\"><seg /></tuv></tu>\n</body>\n</tmx>\n",
            text
        );
    }

    [Fact]
    public void The_header_has_what_tmx_14_requires()
    {
        // TMX 1.4b, section "header": the required attributes, and the values that segtype may have.
        var header = XDocument.Parse(Encoding.UTF8.GetString(Written([new("a", "b")]))).Root!.Element("header")!;
        Assert.Equal(
            ["adminlang", "creationtool", "creationtoolversion", "datatype", "o-tmf", "segtype", "srclang"],
            header.Attributes().Select(attribute => attribute.Name.LocalName).Order()
        );
        Assert.Contains(header.Attribute("segtype")!.Value, (string[])["block", "paragraph", "sentence", "phrase"]);
    }

    [Fact]
    public void Whatever_is_written_is_read_as_the_writable_text_that_it_is() =>
        AnyText
            .Line.Select(AnyText.Line)
            .Array[1, 5]
            .Sample(texts =>
            {
                SentencePair[] pairs = [.. texts.Select(pair => new SentencePair(pair.Item1, pair.Item2))];
                Assert.Equal(
                    pairs.Select(pair => new SentencePair(WritableText.Of(pair.Source), WritableText.Of(pair.Target))),
                    ExchangeText.Read(Written(pairs, ("x-score", "-1"))).Pairs
                );
            });

    [Fact]
    public void What_a_file_gives_it_gives_again_once_it_is_written()
    {
        AnyText
            .Line.Select(AnyText.Line)
            .Array[1, 5]
            .Sample(texts =>
            {
                var read = ExchangeText.Read(
                    Written([.. texts.Select(pair => new SentencePair(pair.Item1, pair.Item2))])
                );
                Assert.Equal(read.Pairs, ExchangeText.Read(Written([.. read.Pairs])).Pairs);
            });
    }

    private static byte[] Written(SentencePair[] pairs, params (string, string)[] properties)
    {
        using var stream = new MemoryStream();
        TmxWriter.Write(stream, "de", "en-US", pairs.Select(pair => new TmxUnit(pair, properties)));
        return stream.ToArray();
    }
}
