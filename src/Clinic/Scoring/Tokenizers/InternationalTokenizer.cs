using System.Text;

namespace TransformerClinic.Scoring.Tokenizers;

/// <summary>
/// The tokenization <c>intl</c>, the rules of mteval-v14.pl: punctuation next to a non-number is a separate token, and
/// so is every symbol, by Unicode categories. It works on code points, which .NET's regular expressions do not.
/// </summary>
internal static class InternationalTokenizer
{
    private static readonly Rune Space = new(' ');

    public static string[] Tokenize(string sentence)
    {
        List<Rune> text = [.. sentence.EnumerateRunes()];
        text = Part(
            text,
            (left, right) => !Rune.IsNumber(left) && Rune.IsPunctuation(right),
            (left, right) => [left, Space, right, Space]
        );
        text = Part(
            text,
            (left, right) => Rune.IsPunctuation(left) && !Rune.IsNumber(right),
            (left, right) => [Space, left, Space, right]
        );
        return WhiteSpace.Split(
            string.Concat(text.Select(rune => Rune.IsSymbol(rune) ? $" {rune} " : rune.ToString()))
        );
    }

    /// <summary>Replaces pairs from left to right, using no character twice, as a regular expression does.</summary>
    private static List<Rune> Part(
        List<Rune> text,
        Func<Rune, Rune, bool> matches,
        Func<Rune, Rune, Rune[]> replacement
    )
    {
        var parted = new List<Rune>(text.Count * 2);
        for (var i = 0; i < text.Count; i++)
        {
            if (i + 1 < text.Count && matches(text[i], text[i + 1]))
            {
                parted.AddRange(replacement(text[i], text[++i]));
            }
            else
            {
                parted.Add(text[i]);
            }
        }

        return parted;
    }
}
