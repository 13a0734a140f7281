using System.Text.RegularExpressions;

namespace TransformerClinic.Scoring.Tokenizers;

/// <summary>
/// The tokenization <c>13a</c>, the rules of NIST's mteval-v13a.pl: four entities are resolved, and ASCII punctuation
/// and symbols are separate tokens, except a point or comma between digits, an apostrophe, and a hyphen that does not
/// follow a digit.
/// </summary>
internal static partial class Mteval13aTokenizer
{
    public static string[] Tokenize(string sentence)
    {
        var text = sentence
            .Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        text = $" {text} "; // so that a point at either end has a neighbor
        text = Symbol().Replace(text, " $0 ");
        text = PointAfterNonDigit().Replace(text, "$1 $2 ");
        text = PointBeforeNonDigit().Replace(text, " $1 $2");
        text = HyphenAfterDigit().Replace(text, "$1 $2 ");
        return WhiteSpace.Split(text);
    }

    [GeneratedRegex("[!-&(-+/:-@[-`{-~]")]
    private static partial Regex Symbol();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex PointAfterNonDigit();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex PointBeforeNonDigit();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
