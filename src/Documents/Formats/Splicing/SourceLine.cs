namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>A line of a text.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">Where its line end begins.</param>
/// <param name="Text">The characters between.</param>
internal readonly record struct SourceLine(int Start, int End, string Text)
{
    /// <summary>Whether there is only white space.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    /// <summary>The lines of a text; they end with <c>\n</c>, <c>\r\n</c> or <c>\r</c>.</summary>
    public static IReadOnlyList<SourceLine> Of(string text)
    {
        var lines = new List<SourceLine>();
        var start = 0;
        while (start < text.Length)
        {
            var length = text.AsSpan(start).IndexOfAny('\r', '\n');
            var end = length < 0 ? text.Length : start + length;
            lines.Add(new SourceLine(start, end, text[start..end]));
            start = end + (text.AsSpan(end).StartsWith("\r\n") ? 2 : 1);
        }

        return lines;
    }
}
