using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Chrf;

/// <summary>
/// The words of chrF++: separated by white space; in longer words one ASCII punctuation mark at the end, or otherwise
/// one at the start, is a separate word.
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

    // Here ASCII punctuation includes symbols such as + and $, as in C's ispunct.
    private static bool IsPunctuation(char character) =>
        char.IsAscii(character) && (char.IsPunctuation(character) || char.IsSymbol(character));
}
