using System.Text;
using CsCheck;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public class TextNormalizerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\u00A0\u2028\u3000", "")]
    [InlineData("  a  b\t\tc\u2029d\r\n", "a b c d")]
    [InlineData("u\u0308ber", "über")]
    [InlineData("a\u200Bb\uFEFF", "a\u200Bb\uFEFF")]
    [InlineData("\uFB01le", "\uFB01le")]
    [InlineData("a\u0001b", "a\u0001b")]
    public void A_line_is_composed_and_its_white_space_becomes_single_spaces(string line, string expected) =>
        Assert.Equal(expected, new TextNormalizer(Normalization.Nfc).Normalise(line));

    [Fact]
    public void The_compatibility_form_makes_plain_letters() =>
        Assert.Equal("file A 2 \u0308", new TextNormalizer(Normalization.Nfkc).Normalise("\uFB01le \uFF21 \u00B2 \u00A8"));

    [Theory]
    [InlineData(new[] { 'a', '\uD83D', 'b' }, "a\uFFFDb")]
    [InlineData(new[] { '\uDE00', '\uD83D' }, "\uFFFD\uFFFD")]
    [InlineData(new[] { '\uD83D', '\uDE00' }, "😀")]
    [InlineData(new[] { 'a', '\uFFFE' }, "a\uFFFD")]
    public void What_no_text_holds_becomes_the_replacement_character(char[] line, string expected) =>
        Assert.Equal(expected, new TextNormalizer(Normalization.Nfc).Normalise(new string(line)));

    [Theory]
    [InlineData(Normalization.Nfc, NormalizationForm.FormC)]
    [InlineData(Normalization.Nfkc, NormalizationForm.FormKC)]
    public void Normalising_again_changes_nothing_and_the_result_is_well_formed(Normalization normalization, NormalizationForm form)
    {
        var normalizer = new TextNormalizer(normalization);
        AnyText.Line.Sample(line =>
        {
            var once = normalizer.Normalise(line);
            return normalizer.Normalise(once) == once
                && once.IsNormalized(form)
                && once == string.Join(' ', once.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(once)) == once;
        });
    }

    [Fact]
    public void An_unknown_form_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextNormalizer((Normalization)7));
}
