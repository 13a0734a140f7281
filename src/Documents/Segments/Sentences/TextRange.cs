namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>Characters of a text, from one place up to another.</summary>
/// <param name="Start">The first character's place, from 0.</param>
/// <param name="End">The place after the last character.</param>
internal readonly record struct TextRange(int Start, int End)
{
    /// <summary>How many characters there are.</summary>
    public int Length => End - Start;

    /// <summary>The characters.</summary>
    public string Of(string text) => text[Start..End];

    /// <summary>The range without white space at its ends; empty if it has only that.</summary>
    public TextRange Trimmed(string text)
    {
        var (start, end) = (Start, End);
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return new TextRange(start, end);
    }
}
