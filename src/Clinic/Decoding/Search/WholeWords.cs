using System.Globalization;
using System.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Where a phrase occurs in a text as whole words: no letter, digit or mark on one side continues a letter, digit or
/// mark on the other. In scripts that are written without spaces every character is a word.
/// </summary>
internal static class WholeWords
{
    // Thai and Lao, Burmese, Khmer, kana, Han.
    private static readonly (int From, int To)[] WithoutSpaces =
    [
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x3040, 0x30FF),
        (0x3400, 0x9FFF),
        (0xF900, 0xFAFF),
        (0x20000, 0x3FFFF),
    ];

    /// <summary>Whether the phrase occurs anywhere in the text.</summary>
    public static bool Contain(string text, string phrase) => Places(text, phrase).Any();

    /// <summary>Whether the text ends with the phrase.</summary>
    public static bool End(string text, string phrase) =>
        Places(text, phrase).Any(place => place + phrase.Length == text.Length);

    /// <summary>Whether the phrase occurs in the text with more after it.</summary>
    public static bool ContainBeforeEnd(string text, string phrase) =>
        Places(text, phrase).Any(place => place + phrase.Length < text.Length);

    /// <summary>Whether the text's first character would continue a word that ends right before it.</summary>
    public static bool Continue(string text) => text.Length > 0 && IsOfWord(Rune.GetRuneAt(text, 0));

    /// <summary>Whether the text's last character belongs to a word that a following letter would continue.</summary>
    public static bool AreOpen(string text) => text.Length > 0 && IsOfWord(Last(text));

    private static IEnumerable<int> Places(string text, string phrase)
    {
        for (
            var place = text.IndexOf(phrase, StringComparison.Ordinal);
            place >= 0;
            place = text.IndexOf(phrase, place + 1, StringComparison.Ordinal)
        )
        {
            if (
                !(AreOpen(text[..place]) && Continue(phrase))
                && !(AreOpen(phrase) && Continue(text[(place + phrase.Length)..]))
            )
            {
                yield return place;
            }
        }
    }

    private static Rune Last(string text)
    {
        Rune.DecodeLastFromUtf16(text, out var last, out _);
        return last;
    }

    private static bool IsOfWord(Rune rune) =>
        (
            Rune.IsLetterOrDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        ) && !WithoutSpaces.Any(script => rune.Value >= script.From && rune.Value <= script.To);
}
