using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats.Markup;

/// <summary>
/// An XML text with the places of its tags and texts. It is well formed, has no DTD, and so no entities that could
/// expand or read other files.
/// </summary>
internal sealed partial class XmlSource
{
    private const int MostOfAMessage = 200;

    private XmlSource(string text, IReadOnlyList<XmlToken> tokens) => (Text, Tokens) = (text, tokens);

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Its pieces, which cover all of it.</summary>
    public IReadOnlyList<XmlToken> Tokens { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text, without a byte order mark.</param>
    /// <param name="source">The document, for messages and limits.</param>
    /// <param name="part">The part of the document, for messages; empty if it is all of it.</param>
    /// <exception cref="UserErrorException">It is not well formed, has a DTD, or is too large.</exception>
    public static XmlSource Of(string text, DocumentSource source, string part = "")
    {
        var where = part.Length == 0 ? "" : $"in {part}: ";
        try
        {
            return new XmlSource(text, Read(text, source, where));
        }
        catch (XmlException damaged)
        {
            var what = damaged.Message.Contains("DTD", StringComparison.Ordinal)
                ? "a DTD is not allowed, because entities can expand without end: remove the DOCTYPE"
                : $"the XML is damaged ({Reason(damaged)})";
            throw source.Wrong(
                FormattableString.Invariant($"{where}line {Math.Max(1, damaged.LineNumber)}: {what}."),
                damaged
            );
        }
    }

    /// <summary>The encoding that the XML declaration of a text names; null if there is none.</summary>
    public static string? DeclaredEncoding(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 1024)]);
        return Declaration().Match(head) is { Success: true } found ? found.Groups[1].Value : null;
    }

    /// <summary>The characters of a token.</summary>
    public string Slice(XmlToken token) => Text[token.Start..token.End];

    /// <summary>The characters of an element with its content.</summary>
    /// <param name="start">The index of its start tag.</param>
    public string Element(int start) => Text[Tokens[start].Start..Tokens[Tokens[start].Last].End];

    /// <summary>The start tags directly inside an element.</summary>
    /// <param name="start">The index of the element's start tag.</param>
    public IEnumerable<int> Children(int start)
    {
        for (var i = start + 1; i < Tokens[start].Last; i++)
        {
            if (Tokens[i].IsStart)
            {
                yield return i;
                i = Tokens[i].Last;
            }
        }
    }

    /// <summary>Text as XML writes it; characters that XML cannot have are left out.</summary>
    public static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '\r' => result.Append("&#13;"),
                < ' ' and not ('\t' or '\n') => result,
                0xFFFE or 0xFFFF => result,
                _ => result.Append(rune.ToString()),
            };
        }

        return result.ToString();
    }

    private static List<XmlToken> Read(string text, DocumentSource source, string where)
    {
        using var reader = XmlReader.Create(
            new StringReader(text),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
        );
        var place = (IXmlLineInfo)reader;
        var lines = LineStarts(text);
        var tokens = new List<XmlToken>();
        var open = new Stack<int>();
        while (reader.Read())
        {
            var start = lines[place.LineNumber - 1] + place.LinePosition - 1 - BeforePosition(reader.NodeType);
            Check(reader, tokens.Count, source, where);
            if (tokens.Count > 0)
            {
                tokens[^1].End = start;
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element when !reader.IsEmptyElement:
                    open.Push(tokens.Count);
                    break;
                case XmlNodeType.EndElement:
                    tokens[open.Pop()].Last = tokens.Count;
                    break;
            }

            tokens.Add(Token(reader) with { Start = start, Last = tokens.Count });
        }

        tokens[^1].End = text.Length;
        return tokens;
    }

    private static void Check(XmlReader reader, int count, DocumentSource source, string where)
    {
        if (reader.Depth > source.Limits.MostLevels)
        {
            throw source.Wrong(
                $"{where}more than {source.Limits.MostLevels} elements are in one another; no such document needs that."
            );
        }

        if (count >= source.Limits.MostNodes)
        {
            throw source.Wrong(
                FormattableString.Invariant($"{where}there are more than {source.Limits.MostNodes:N0} tags and texts. ")
                    + "Divide the document into smaller ones."
            );
        }
    }

    private static XmlToken Token(XmlReader reader)
    {
        var prefix = reader.Prefix.Length == 0 ? "" : reader.Prefix + ":";
        var value = reader.NodeType == XmlNodeType.Element ? "" : reader.Value;
        return new XmlToken(
            reader.NodeType,
            reader.LocalName,
            prefix,
            reader.NamespaceURI,
            value,
            reader.NodeType == XmlNodeType.Element ? Attributes(reader) : []
        );
    }

    private static IReadOnlyList<(string Name, string Value)> Attributes(XmlReader reader)
    {
        if (!reader.MoveToFirstAttribute())
        {
            return [];
        }

        var attributes = new List<(string, string)>();
        do
        {
            attributes.Add((reader.Name, reader.Value));
        } while (reader.MoveToNextAttribute());
        reader.MoveToElement();
        return attributes;
    }

    /// <summary>How many characters of a node come before the position that the reader gives.</summary>
    private static int BeforePosition(XmlNodeType kind) =>
        kind switch
        {
            XmlNodeType.Element => "<".Length,
            XmlNodeType.EndElement => "</".Length,
            XmlNodeType.ProcessingInstruction or XmlNodeType.XmlDeclaration => "<?".Length,
            XmlNodeType.Comment => "<!--".Length,
            XmlNodeType.CDATA => "<![CDATA[".Length,
            _ => 0,
        };

    private static List<int> LineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }

    private static string Reason(XmlException exception)
    {
        var reason = Place().Replace(exception.Message, "").TrimEnd('.', ' ');
        return reason.Length <= MostOfAMessage ? reason : reason[..MostOfAMessage] + " ...";
    }

    [GeneratedRegex(@" Line \d+, position \d+\.$")]
    private static partial Regex Place();

    [GeneratedRegex("""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']""")]
    private static partial Regex Declaration();
}
