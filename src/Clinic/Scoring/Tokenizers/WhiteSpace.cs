namespace TransformerClinic.Scoring.Tokenizers;

/// <summary>
/// White space as sacreBLEU defines it: Unicode's, and the four information separators U+001C to U+001F.
/// </summary>
internal static class WhiteSpace
{
    /// <summary>Whether a character is white space.</summary>
    public static bool Contains(char character) =>
        char.IsWhiteSpace(character) || character is >= '\u001c' and <= '\u001f';

    /// <summary>The pieces between white space, without empty ones.</summary>
    public static string[] Split(string text)
    {
        var tokens = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !Contains(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                tokens.Add(text[start..i]);
            }

            start = i + 1;
        }

        return [.. tokens];
    }

    /// <summary>A text without trailing white space.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Contains(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }
}
