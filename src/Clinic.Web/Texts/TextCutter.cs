namespace TransformerClinic.Web.Texts;

/// <summary>Cuts texts into what is translated at once; the pieces in a row are the text again.</summary>
internal static class TextCutter
{
    /// <summary>The pieces of a text.</summary>
    public static IReadOnlyList<TextPiece> Cut(string text, TextSplit split) =>
        split switch
        {
            TextSplit.Lines => [.. Lines(text)],
            TextSplit.None => [new TextPiece(text, IsSentence: true)],
            _ => throw new ArgumentOutOfRangeException(nameof(split)),
        };

    private static IEnumerable<TextPiece> Lines(string text)
    {
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOfAny(['\r', '\n'], start);
            if (end != start)
            {
                yield return new TextPiece(text[start..(end < 0 ? text.Length : end)], IsSentence: true);
            }

            if (end < 0)
            {
                yield break;
            }

            var next = end;
            while (next < text.Length && text[next] is '\r' or '\n')
            {
                next++;
            }

            yield return new TextPiece(text[end..next], IsSentence: false);
            start = next;
        }
    }
}
