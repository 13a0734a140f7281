namespace TransformerClinic.Scoring.Tokenizers;

/// <summary>The tokenization <c>char</c>: every character (code point) that is not white space.</summary>
internal static class CharacterTokenizer
{
    public static string[] Tokenize(string sentence) =>
        [.. WhiteSpace.Split(sentence).SelectMany(word => word.EnumerateRunes()).Select(rune => rune.ToString())];
}
