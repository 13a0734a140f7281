using System.Xml;
using CsCheck;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Exchange;

public class WritableTextTests
{
    [Theory]
    [InlineData("a\tb\r\nc d\u0085e\u2028f\u007Fg", "a\tb\r\nc d\u0085e\u2028f\u007Fg")]
    [InlineData("a\0b\u0001c\u001Fd", "abcd")]
    [InlineData("a\vb\fc", "a b c")]
    [InlineData("a\uFFFEb\uFFFFc\uFFFDd", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("😀\uFDD0", "😀\uFDD0")]
    public void What_xml_cannot_hold_is_replaced(string text, string writable) =>
        Assert.Equal(writable, WritableText.Of(text));

    [Fact]
    public void Halves_of_pairs_are_replaced() => Assert.Equal("a\uFFFDb\uFFFD", WritableText.Of("a\uD800b\uDFFF"));

    [Fact]
    public void The_result_is_xml_and_means_the_same_to_a_model()
    {
        var normalizer = new TextNormalizer(Normalization.Nfc);
        AnyText.Line.Sample(text =>
        {
            var writable = WritableText.Of(text);
            XmlConvert.VerifyXmlChars(writable);
            // A normalizer keeps U+FFFF, which is no character.
            Assert.Equal(normalizer.Normalize(text.Replace('\uFFFF', '\uFFFD')), normalizer.Normalize(writable));
        });
    }
}
