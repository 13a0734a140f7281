using System.Globalization;
using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Splits a normalised line into the stretches that merges never cross: runs of letters, of digits, and of anything else.
/// A space stands at the head of the stretch that follows it, and the line is taken to begin with one. So a word keeps its
/// pieces wherever it stands and whatever punctuation follows it.
/// </summary>
internal static class WordSplitter
{
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
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value == ' ')
            {
                yield return word.ToString();
                word.Clear().Append(' ');
                kind = null;
                continue;
            }

            var here = KindOf(rune);
            if (kind is not null && here != kind)
            {
                yield return word.ToString();
                word.Clear();
            }

            kind = here;
            word.Append(rune.ToString());
        }

        yield return word.ToString();
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber => Kind.Digit,
        _ => Kind.Other,
    };
}
