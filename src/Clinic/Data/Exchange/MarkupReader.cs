using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// XML from elsewhere, node by node, in bounded memory: whatever the file's size or malice, only a node and a segment
/// of it are held. Every mistake in it becomes a message with its line.
/// </summary>
internal sealed partial class MarkupReader : IDisposable
{
    /// <summary>Elements that may be in one another; translators' files have fewer than 20.</summary>
    internal const int MostLevels = 100;

    private const int MostOfAMessage = 200;

    private readonly string _name;
    private readonly MeteredStream _stream;
    private readonly XmlReader _xml;
    private readonly IXmlLineInfo? _place; // null until the beginning has been read
    private readonly char[] _buffer = new char[4096];

    /// <summary>A reader at the beginning of a text.</summary>
    /// <param name="text">The text, not compressed, in the encoding that it declares; it stays open.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="UserErrorException">The text does not begin in its encoding.</exception>
    public MarkupReader(Stream text, string name)
    {
        _name = name;
        _stream = new MeteredStream(text);
        var settings = new XmlReaderSettings
        {
            // Ignored, not prohibited: most TMX files name tmx14.dtd in a DOCTYPE, and a reader that prohibits it
            // reads none of them. Nothing of a DTD is loaded, parsed or resolved, so that it declares no entity:
            // a reference to one is an error, and entities that expand or that read other files cannot be.
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            NameTable = new BoundedNames(),
        };
        _xml = Guarded(() => XmlReader.Create(_stream, settings)); // reads the first bytes, for the encoding
        _place = (IXmlLineInfo)_xml;
    }

    /// <summary>The line of the current node, from 1.</summary>
    public int Line => Math.Max(1, _place?.LineNumber ?? 1);

    /// <summary>How many elements the current node is in.</summary>
    public int Depth => _xml.Depth;

    /// <summary>The name of the current element, without a prefix.</summary>
    public string Name => _xml.LocalName;

    /// <summary>Whether the current node is the beginning of an element.</summary>
    public bool IsStart => _xml.NodeType == XmlNodeType.Element;

    /// <summary>Whether the current node is the end of an element that has content.</summary>
    public bool IsEnd => _xml.NodeType == XmlNodeType.EndElement;

    /// <summary>Whether the current element has neither content nor an end.</summary>
    public bool IsEmpty => _xml.IsEmptyElement;

    /// <summary>Goes to the next node.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="UserErrorException">The text is damaged, or needs more memory than a node may.</exception>
    public bool Read()
    {
        SkipText();
        var more = Guarded(_xml.Read);
        return !more || Depth <= MostLevels
            ? more
            : throw Wrong($"more than {MostLevels} elements are in one another; no such file needs that");
    }

    /// <summary>
    /// The elements directly in the current one, one after the other; what the caller leaves of an element is skipped.
    /// </summary>
    /// <exception cref="UserErrorException">The text is damaged, or needs more memory than a node may.</exception>
    public IEnumerable<string> Children()
    {
        if (IsEmpty)
        {
            yield break;
        }

        var depth = Depth;
        while (Read() && Depth > depth)
        {
            if (IsStart && Depth == depth + 1)
            {
                yield return Name;
            }
        }
    }

    /// <summary>The value of an attribute of the current element; null if it has none of this name.</summary>
    public string? Attribute(string name) => _xml.GetAttribute(name);

    /// <summary>
    /// The language that the current element names: <c>xml:lang</c>, or <c>lang</c> as in older files.
    /// </summary>
    public string Language() => (Attribute("xml:lang") ?? Attribute("lang") ?? "").Trim();

    /// <summary>Adds the current node to a text, if it is text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters that the text may have.</param>
    /// <exception cref="UserErrorException">The file is damaged here, or the text is longer.</exception>
    public void AppendTo(StringBuilder text, int most)
    {
        if (
            _xml.NodeType
            is not (
                XmlNodeType.Text
                or XmlNodeType.CDATA
                or XmlNodeType.Whitespace
                or XmlNodeType.SignificantWhitespace
            )
        )
        {
            return;
        }

        while (Guarded(() => _xml.ReadValueChunk(_buffer, 0, _buffer.Length)) is var read and > 0)
        {
            text.Append(_buffer, 0, read);
            RequireAtMost(text.Length, most);
        }
    }

    /// <summary>Refuses a text, or several of a unit together, that are longer than they may be.</summary>
    /// <exception cref="UserErrorException">They are longer.</exception>
    public void RequireAtMost(int characters, int most)
    {
        if (characters > most)
        {
            throw Wrong(
                FormattableString.Invariant(
                    $"a unit here has more than {most:N0} characters; a unit is a sentence or a paragraph"
                )
            );
        }
    }

    /// <summary>An error at the current node.</summary>
    /// <param name="what">What is wrong, without a period.</param>
    /// <param name="cause">What revealed it.</param>
    public UserErrorException Wrong(string what, Exception? cause = null) =>
        cause is null ? new($"{_name}, line {Line}: {what}.") : new($"{_name}, line {Line}: {what}.", cause);

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    /// <summary>
    /// Reads what is left of a text in pieces; the parser would read it in one go, and it may be as long as it likes.
    /// </summary>
    private void SkipText()
    {
        while (_xml.NodeType == XmlNodeType.Text && Guarded(() => _xml.ReadValueChunk(_buffer, 0, _buffer.Length)) > 0)
        {
            // Nobody wants it.
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            _stream.Restart();
            return read();
        }
        catch (XmlException) when (_stream.IsEmpty)
        {
            throw new UserErrorException($"{_name}: the file is empty.");
        }
        catch (XmlException exception)
        {
            throw new UserErrorException(
                $"{_name}, line {Math.Max(1, exception.LineNumber)}: the XML is damaged ({Reason(exception)}).",
                exception
            );
        }
        catch (InvalidDataException exception)
        {
            throw Wrong(exception.Message, exception);
        }
    }

    /// <summary>The parser's words without the place, which the message names, and in a length that can be
    /// read.</summary>
    private static string Reason(XmlException exception)
    {
        var reason = Place().Replace(exception.Message, "").TrimEnd('.', ' ');
        return reason.Length <= MostOfAMessage ? reason : reason[..MostOfAMessage] + " ...";
    }

    [GeneratedRegex(@" Line \d+, position \d+\.$")]
    private static partial Regex Place();
}
