using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Tests.Formats.Docx;

/// <summary>Word documents that tests write part by part.</summary>
internal static partial class DocxFile
{
    public const string Space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private const string Types = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Override PartName="/word/document.xml" ContentType="KIND"/></Types>
        """;

    private const string MainKind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private const string Relations = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
        Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        Target="word/document.xml"/>
        </Relationships>
        """;

    /// <summary>A document whose body has this content; its elements get Word's prefix.</summary>
    public static byte[] Of(string body, string kind = MainKind) =>
        Zip(
            ("[Content_Types].xml", Types.Replace("KIND", kind, StringComparison.Ordinal)),
            ("_rels/.rels", Relations),
            ("word/document.xml", $"<w:document xmlns:w=\"{Space}\"><w:body>{Prefixed(body)}</w:body></w:document>")
        );

    /// <summary>An archive.</summary>
    public static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The parts of an archive.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Parts(byte[] document)
    {
        using var archive = new ZipArchive(new MemoryStream(document));
        return
        [
            .. archive.Entries.Select(entry =>
            {
                using var part = entry.Open();
                using var bytes = new MemoryStream();
                part.CopyTo(bytes);
                return (entry.FullName, bytes.ToArray());
            }),
        ];
    }

    /// <summary>The content of a document's body, without prefixes.</summary>
    public static string Body(byte[] document)
    {
        var text = Encoding.UTF8.GetString(Parts(document).Single(part => part.Name == "word/document.xml").Bytes);
        var from = text.IndexOf("<w:body>", StringComparison.Ordinal) + "<w:body>".Length;
        return text[from..text.IndexOf("</w:body>", StringComparison.Ordinal)]
            .Replace("w:", "", StringComparison.Ordinal);
    }

    private static string Prefixed(string xml) => ElementName().Replace(xml, "$1w:");

    [GeneratedRegex("(</?)(?=[A-Za-z])")]
    private static partial Regex ElementName();
}
