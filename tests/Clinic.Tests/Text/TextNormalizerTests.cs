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
    [InlineData("\uFB01le", "\uFB01le")]
    public void A_line_is_composed_and_its_white_space_becomes_single_spaces(string line, string expected) =>
        Assert.Equal(expected, new TextNormalizer(Normalization.Nfc).Normalize(line));

    [Theory]
    [InlineData("Wäh\u00ADlen \u200BSie\u2060 eine\uFEFF Datei.", "Wählen Sie eine Datei.")]
    [InlineData("\u200F\u202Aabc\u202C\u061C \u2066d\u2069\u200E", "abc d")]
    [InlineData("a\0b\u0001c\u001B[31md\u007F\u0085e\u009B1m", "abc[31md e1m")]
    [InlineData("a \u200B b", "a b")]
    [InlineData("\u00AD a \uFEFF", "a")]
    [InlineData("u\u00AD\u0308ber", "über")]
    [InlineData("\u1100\u200B\u1161", "가")]
    public void What_nobody_sees_is_dropped_and_what_it_separated_is_joined(string line, string expected) =>
        Assert.Equal(expected, new TextNormalizer(Normalization.Nfc).Normalize(line));

    [Theory]
    [InlineData("می\u200Cخواهم")]
    [InlineData("ක්\u200Dෂ")]
    [InlineData("👩\u200D👩\u200D👧 ☺\uFE0F")]
    [InlineData("ᠨ\u180Eᠠ a\u034Fb \uD83C\uDFF4\uDB40\uDC67\uDB40\uDC7F")]
    public void What_changes_how_its_neighbors_look_is_kept(string line) =>
        Assert.All(
            Enum.GetValues<Normalization>(),
            form => Assert.Equal(line, new TextNormalizer(form).Normalize(line))
        );

    [Fact]
    public void No_normalized_line_contains_what_a_terminal_obeys() =>
        AnyText.Line.Sample(line => !new TextNormalizer(Normalization.Nfkc).Normalize(line).Any(char.IsControl));

    [Fact]
    public void The_compatibility_form_gives_plain_letters() =>
        Assert.Equal(
            "file A 2 \u0308",
            new TextNormalizer(Normalization.Nfkc).Normalize("\uFB01le \uFF21 \u00B2 \u00A8")
        );

    [Theory]
    [InlineData(new[] { 'a', '\uD83D', 'b' }, "a\uFFFDb")]
    [InlineData(new[] { '\uDE00', '\uD83D' }, "\uFFFD\uFFFD")]
    [InlineData(new[] { '\uD83D', '\uDE00' }, "😀")]
    [InlineData(new[] { 'a', '\uFFFE' }, "a\uFFFD")]
    [InlineData(new[] { '\uD83D', '\u00AD', '\uDE00' }, "\uFFFD\uFFFD")]
    public void What_no_text_may_contain_becomes_the_replacement_character(char[] line, string expected) =>
        Assert.Equal(expected, new TextNormalizer(Normalization.Nfc).Normalize(new string(line)));

    [Theory]
    [InlineData(Normalization.Nfc, NormalizationForm.FormC)]
    [InlineData(Normalization.Nfkc, NormalizationForm.FormKC)]
    public void Normalizing_again_changes_nothing_and_the_result_is_well_formed(
        Normalization normalization,
        NormalizationForm form
    )
    {
        var normalizer = new TextNormalizer(normalization);
        AnyText.Line.Sample(line =>
        {
            var once = normalizer.Normalize(line);
            return normalizer.Normalize(once) == once
                && once.IsNormalized(form)
                && once == string.Join(' ', once.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(once)) == once;
        });
    }

    [Fact]
    public void An_unknown_form_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextNormalizer((Normalization)7));
}
