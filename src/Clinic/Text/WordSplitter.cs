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

        var text = $" {line}";
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = End(text, start);
            yield return text[start..end];
        }
    }

    /// <summary>Where a stretch ends.</summary>
    /// <param name="text">A line with the space that it is treated as beginning with.</param>
    /// <param name="start">Where the stretch begins, which is 0 or the end of another one.</param>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        var at = text[start] == ' ' ? start + 1 : start;
        Kind? kind = null;
        for (var length = 0; at < text.Length && text[at] != ' '; length++)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var characters);
            var here = KindOf(rune);
            if (kind is not null && (here != kind || here == Kind.Digit || length == Longest))
            {
                break;
            }

            kind = here;
            at += characters;
        }

        return at;
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
