using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>
/// Documents of Microsoft Word (ISO 29500): the text of the document, its headers, footers, footnotes and endnotes. A
/// paragraph without a changed segment stays byte for byte, and so does every other part of the archive.
/// </summary>
internal sealed class DocxFormat : IDocumentFormat
{
    private const string ContentTypes = "[Content_Types].xml";

    // Translated in this order.
    private static readonly string[] Kinds = ["main", "header", "footer", "footnotes", "endnotes"];

    /// <inheritdoc/>
    public string Name => "docx";

    /// <inheritdoc/>
    public string Title => "Word document";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".docx", ".docm", ".dotx", ".dotm"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes =>
        [
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-word.document.macroenabled.12",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
            "application/vnd.ms-word.template.macroenabled.12",
        ];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var archive = ZipParts.Read(OfZip(source));
        if (!archive.Names.Contains(ContentTypes))
        {
            throw source.Wrong("this is a ZIP archive but not a Word document: it has no [Content_Types].xml.");
        }

        var kinds = KindsOf(Xml(archive, ContentTypes, source).Xml);
        var names = archive
            .Names.Select(name => (Name: name, Kind: KindOf(name, kinds)))
            .Where(part => Kinds.Contains(part.Kind))
            .OrderBy(part => Array.IndexOf(Kinds, part.Kind))
            .ToList();
        if (names.Count == 0 || names[0].Kind != Kinds[0])
        {
            throw source.Wrong(
                "this is not a Word document: no part of it is one. Excel and PowerPoint files cannot be translated."
            );
        }

        var isSigned = archive.Names.Any(name => name.StartsWith("_xmlsignatures/", StringComparison.Ordinal));
        return new DocxDocument(
            archive,
            [
                .. names.Select(part =>
                {
                    var (text, xml) = Xml(archive, part.Name, source);
                    return new WordPart(part.Name, text, xml);
                }),
            ],
            isSigned ? ["The document was signed: the signature does not hold for the translation."] : []
        );
    }

    /// <summary>The document if it is a ZIP archive.</summary>
    /// <exception cref="UserErrorException">It is something else, which the message names.</exception>
    private static DocumentSource OfZip(DocumentSource source)
    {
        var bytes = source.Bytes(source.Limits.MostBytes);
        return bytes switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => source with { Content = new MemoryStream(bytes) },
            [0xD0, 0xCF, 0x11, 0xE0, ..]
                when bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0 => throw source.Wrong(
                "the document is protected by a password. Save it without one (in Word: File, Info, Protect "
                    + "Document) and try again."
            ),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => throw source.Wrong(
                "this is a document of Word 97 to 2003 (.doc). Save it as .docx and try again."
            ),
            [(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f', ..] => throw source.Wrong(
                "this is a document in RTF. Save it as .docx and try again."
            ),
            [] => throw source.Wrong("the file is empty."),
            _ => throw source.Wrong("this is not a Word document: it is not a ZIP archive, which .docx files are."),
        };
    }

    private static (EncodedText Text, XmlSource Xml) Xml(ZipParts archive, string name, DocumentSource source)
    {
        var text = EncodedText.Of(archive.Bytes(name), source, XmlSource.DeclaredEncoding);
        return (text, XmlSource.Of(text.Text, source, name));
    }

    /// <summary>The content types of parts: by name, with a slash at the start, and by extension.</summary>
    private static Dictionary<string, string> KindsOf(XmlSource types)
    {
        var kinds = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var token in types.Tokens.Where(token => token.IsStart))
        {
            var of = token.Name == "Override" ? token.Attribute("PartName") : "." + token.Attribute("Extension");
            if (of is not null && token.Attribute("ContentType") is { } type)
            {
                kinds[of] = type;
            }
        }

        return kinds;
    }

    /// <summary>What a part of a Word document is: main, header, footer and so on; empty for all else.</summary>
    private static string KindOf(string name, Dictionary<string, string> kinds)
    {
        var type = (
            kinds.GetValueOrDefault("/" + name) ?? kinds.GetValueOrDefault(Path.GetExtension(name)) ?? ""
        ).ToLowerInvariant();
        return type.StartsWith("application/vnd.ms-word.", StringComparison.Ordinal)
            && type.EndsWith(".macroenabled.main+xml", StringComparison.Ordinal)
                ? "main"
            : type.StartsWith(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.",
                StringComparison.Ordinal
            )
                ? type["application/vnd.openxmlformats-officedocument.wordprocessingml.".Length..] switch
                {
                    "document.main+xml" or "template.main+xml" => "main",
                    "header+xml" => "header",
                    "footer+xml" => "footer",
                    "footnotes+xml" => "footnotes",
                    "endnotes+xml" => "endnotes",
                    _ => "",
                }
            : "";
    }
}
