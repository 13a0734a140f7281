using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>An attribute whose value people read.</summary>
internal static class HtmlAttribute
{
    private const string Blank = " \t\r\n\f";
    private static readonly string[] Read = ["alt", "title", "placeholder", "aria-label"];

    /// <summary>The segments of a start tag.</summary>
    public static IEnumerable<SourceSegment> Segments(string text, HtmlPiece tag)
    {
        foreach (var (name, value, start) in tag.Attributes)
        {
            if (
                Read.Contains(name)
                && value.Any(char.IsLetter)
                && Value(text, start + name.Length, tag.End) is var (from, to)
            )
            {
                yield return new SourceSegment(
                    new MarkedText(value.Trim()),
                    (translation, _) => [new Edit(from, to, $"\"{Escaped(translation.Plain)}\"")]
                )
                {
                    IsInner = true,
                };
            }
        }
    }

    /// <summary>Where the value of an attribute is, with its quotation marks.</summary>
    private static (int From, int To)? Value(string text, int at, int end)
    {
        at = AfterBlank(text, at, end);
        if (at >= end || text[at] != '=')
        {
            return null;
        }

        at = AfterBlank(text, at + 1, end);
        if (at >= end)
        {
            return null;
        }

        var last =
            text[at] is '"' or '\'' ? text.IndexOf(text[at], at + 1, end - at - 1) + 1
            : text.AsSpan(at, end - at).IndexOfAny(Blank + ">") is var length and >= 0 ? at + length
            : end;
        return last > at ? (at, last) : null;
    }

    private static int AfterBlank(string text, int at, int end)
    {
        while (at < end && Blank.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal);
}
