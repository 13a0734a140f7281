using System.Text.RegularExpressions;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Sentences;

public class IcuExpressionTests
{
    [Theory]
    // What is the same in both.
    [InlineData(@"\bDr\.", "Dr.", "Er.")]
    [InlineData(@"(?<=a)b|c{2,3}", "ab", "b")]
    [InlineData(@"(?i:ab)(?<x>c)\k<x>", "ABcc", "ABc")]
    // Possessive quantifiers never give back.
    [InlineData(@"^a++b", "aab", "aac")]
    [InlineData(@"^a*+a", null, "aaa")]
    [InlineData(@"^(ab|a)?+b$", "abb", "c")]
    [InlineData(@"^[ab]{2}+c", "abc", "ac")]
    // Properties.
    [InlineData(@"^\p{Lu}\pL\PL$", "Aé1", "aé1")]
    [InlineData(@"^\p{Uppercase_Letter}\p{Alphabetic}$", "Aé", "aé")]
    [InlineData(@"^\p{Script=Han}+$", "世界", "ab")]
    [InlineData(@"^\p{IsCyrillic}\p{InGreek}\P{Latin}$", "Яα1", "Яαx")]
    [InlineData(@"^\p{^Lu}$", "a", "A")]
    [InlineData(@"^[[:alpha:]_][:^digit:]$", "_x", "_1")]
    [InlineData(@"^[:;][a[:,]]$", ":,", "a;")]
    // Sets in sets, intersections and differences.
    [InlineData(@"^[a-c[x-z]]$", "y", "d")]
    [InlineData(@"^[\p{L}&&[^a-z]]$", "É", "q")]
    [InlineData(@"^[a-z&&[def]]$", "e", "a")]
    [InlineData(@"^[[a-z]--[aeiou]]$", "b", "e")]
    [InlineData(@"^[[a-z]-[aeiou]]$", "b", "e")]
    [InlineData(@"^[^[a-z]&&[def]]$", "a", "e")]
    [InlineData(@"^[^\p{L}[0-9]]$", "-", "5")]
    [InlineData(@"^[]a]$", "]", "b")]
    [InlineData(@"^[\]\-a^]+$", "]-a^", "b")]
    [InlineData(@"^[a-]$", "-", "b")]
    [InlineData(@"^[\x{1F600}x]$", "😀", "y")]
    // Escapes and quotations.
    [InlineData(@"^\x{e9}\u00e9\xe9\U000000e9\0351$", "ééééé", "eeeee")]
    [InlineData(@"^\x{1F600}$", "😀", "x")]
    [InlineData(@"^\Qa.b*\E+$", "a.b**", "axb*")]
    [InlineData(@"^\h\v\R$", "\u00A0\n\r\n", "a\n\r\n")]
    [InlineData(@"^[\h]\H$", "\tx", "x\t")]
    [InlineData(@"^\X$", "e\u0301", "ee")]
    public void Means_in_net_what_it_means_in_icu(string expression, string? matching, string other)
    {
        var translated = new Regex(IcuExpression.ToDotNet(expression), RegexOptions.CultureInvariant);

        Assert.True(matching is null || translated.IsMatch(matching), translated.ToString());
        Assert.False(translated.IsMatch(other), translated.ToString());
    }

    [Theory]
    [InlineData(@"\", "ends with a backslash")]
    [InlineData(@"[a\", "ends with a backslash")]
    [InlineData("[a", "is not closed")]
    [InlineData(@"\x{}", "is not a character's number")]
    [InlineData(@"\x{FFFFFF}", "is not a character")]
    [InlineData(@"\p{", "property is not complete")]
    public void What_is_not_an_expression_is_refused(string expression, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => IcuExpression.ToDotNet(expression)).Message);

    [Theory]
    [InlineData("(?w)a", "the flag w")]
    [InlineData(@"\N{SPACE}", "by its name")]
    [InlineData(@"[\Qa\E]", "in a set")]
    [InlineData(@"\p{Script=Klingon}", "the property \"Script=Klingon\" is not supported")]
    public void What_net_does_not_have_is_refused(string expression, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<NotSupportedException>(() => IcuExpression.ToDotNet(expression)).Message
        );

    [Fact]
    public void Sets_are_not_in_one_another_without_bound() =>
        Assert.Throws<NotSupportedException>(() => IcuExpression.ToDotNet(new string('[', 5000)));
}
