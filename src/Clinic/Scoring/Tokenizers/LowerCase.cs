using System.Globalization;
using System.Text;

namespace TransformerClinic.Scoring.Tokenizers;

/// <summary>
/// Lower case by Unicode's full mapping, as in sacreBLEU; .NET maps character by character: a capital sigma that ends a
/// word becomes the final form, and the dotted capital I keeps its dot.
/// </summary>
internal static class LowerCase
{
    private static readonly Rune CapitalSigma = new(0x3a3);
    private static readonly Rune DottedCapitalI = new(0x130);

    public static string Of(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            if (runes[i] == CapitalSigma)
            {
                lower.Append(EndsWord(runes, i) ? 'ς' : 'σ');
            }
            else if (runes[i] == DottedCapitalI)
            {
                lower.Append("i\u0307");
            }
            else
            {
                lower.Append(Rune.ToLowerInvariant(runes[i]).ToString());
            }
        }

        return lower.ToString();
    }

    /// <summary>
    /// Unicode's Final_Sigma: a cased letter before and none after, skipping marks and apostrophes.
    /// </summary>
    private static bool EndsWord(Rune[] runes, int index) =>
        IsCased(runes.Take(index).Reverse().SkipWhile(IsCaseIgnorable))
        && !IsCased(runes.Skip(index + 1).SkipWhile(IsCaseIgnorable));

    private static bool IsCased(IEnumerable<Rune> runes) =>
        runes
            .Take(1)
            .Any(rune =>
                Rune.ToLowerInvariant(rune) != Rune.ToUpperInvariant(rune)
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.UppercaseLetter
                        or UnicodeCategory.LowercaseLetter
                        or UnicodeCategory.TitlecaseLetter
            );

    private static bool IsCaseIgnorable(Rune rune) =>
        rune.Value is '\'' or '.' or ':' or '·' or '’' or '‘'
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;
}
