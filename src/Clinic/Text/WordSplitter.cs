using System.Globalization;
using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Splits a normalized line into the stretches that merges never cross: runs of letters, single digits, and runs of
/// anything else. A space belongs to the stretch that follows it, and a line is treated as if it began with one.
/// So a word has the same pieces wherever it occurs and whatever punctuation follows it.
/// </summary>
/// <remarks>
/// Digits are separate because most numbers are rare: as pieces of their own they would be seen a few times each, but
/// ten digits are seen often enough to be copied faithfully, and a number is spelled the same on both sides. A run
/// without an end, as in text without spaces or a ruler of dashes, is cut, which keeps learning and encoding linear in
/// the length of a line.
/// </remarks>
internal static class WordSplitter
{
    /// <summary>
    /// Characters of the longest stretch, its space not counted. The longest words of the world's languages are
    /// shorter.
    /// </summary>
    public const int Longest = 64;

    private enum Kind
    {
        Letter,
        Digit,
        Other,
    }

    /// <summary>The stretches of a line, in order. Joined they give <c>" " + line</c>.</summary>
    public static IEnumerable<string> Split(string line)
    {
        if (line.Length == 0)
        {
            yield break;
        }

        var word = new StringBuilder().Append(' ');
        Kind? kind = null;
        var length = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value == ' ')
            {
                yield return word.ToString();
                word.Clear().Append(' ');
                (kind, length) = (null, 0);
                continue;
            }

            var here = KindOf(rune);
            if (kind is not null && (here != kind || here == Kind.Digit || length == Longest))
            {
                yield return word.ToString();
                word.Clear();
                length = 0;
            }

            (kind, length) = (here, length + 1);
            word.Append(rune.ToString());
        }

        yield return word.ToString();
    }

    private static Kind KindOf(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber => Kind.Digit,
            _ => Kind.Other,
        };
}
