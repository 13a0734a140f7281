using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Chrf;

/// <summary>
/// The words of chrF++: what white space parts, and of longer words one mark of ASCII punctuation at the end, or else
/// one at the beginning, as a word of its own.
/// </summary>
internal static class ChrfWords
{
    public static string[] Of(string sentence) => [.. WhiteSpace.Split(sentence).SelectMany(Part)];

    private static string[] Part(string word) =>
        word switch
        {
            { Length: 1 } => [word],
            [.., var last] when IsPunctuation(last) => [word[..^1], word[^1..]],
            [var first, ..] when IsPunctuation(first) => [word[..1], word[1..]],
            _ => [word],
        };

    // ASCII has symbols such as + and $ among its punctuation here, as C's ispunct.
    private static bool IsPunctuation(char character) =>
        char.IsAscii(character) && (char.IsPunctuation(character) || char.IsSymbol(character));
}
