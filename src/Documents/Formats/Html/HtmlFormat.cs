using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>
/// HTML (WHATWG). The text of a block is a segment, elements inside of it are markup, and the attributes that people
/// read are segments of their own. The translations are put into the characters of the file: it is not written anew.
/// </summary>
internal sealed partial class HtmlFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public string Name => "html";

    /// <inheritdoc/>
    public string Title => "HTML";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".html", ".htm", ".xhtml"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes => ["text/html", "application/xhtml+xml"];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var text = EncodedText.Read(source, DeclaredEncoding);
        var pieces = HtmlPieces.Of(text.Text, source);
        return new SplicedDocument(
            text,
            new HtmlSegments(text.Text, pieces).All(),
            source.Options is { SetLanguage: true, TargetLanguage: { } language }
                ? [.. Language(text.Text, pieces, language)]
                : []
        );
    }

    /// <summary>The encoding that the first kilobyte declares: in an XML declaration, or as browsers look for
    /// it.</summary>
    private static string? DeclaredEncoding(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 1024)]);
        var name = Charset().Match(head) is { Success: true } found
            ? found.Groups[1].Value
            : XmlSource.DeclaredEncoding(bytes);

        // Whoever can read the declaration byte by byte does not read UTF-16: the standard says UTF-8.
        return name?.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) == true ? null : name;
    }

    /// <summary>Marks the root with the language of the translation.</summary>
    private static IEnumerable<Edit> Language(string text, IReadOnlyList<HtmlPiece> pieces, string language) =>
        pieces
            .Where(piece => piece is { Kind: HtmlTokenType.StartTag, Name: "html" })
            .Take(1)
            .Select(root => new Edit(
                root.Start,
                root.End,
                XmlTag.Text(text[root.Start..root.End], [("lang", language)])
            ));

    [GeneratedRegex("""<meta\s[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
