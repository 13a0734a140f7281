using System.IO.Compression;
using System.Text;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of Word documents; mostly the text of the document is changed, sometimes the archive.</summary>
internal sealed class DocxTarget() : DocumentTarget("docx")
{
    private const string Main = "word/document.xml";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Packed(
            Encoding.UTF8.GetBytes(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
                    + $"{DocumentSeeds.Body}</w:body></w:document>"
            )
        ),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        random.Next(8) > 0 && Unpacked(input) is { } text && Unpacked(other) is { } second
            ? Packed(MarkupMutator.Mutate(text, second, random))
            : ByteMutator.Mutate(input, other, random);

    private static byte[] Packed(byte[] document)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            const string kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
            Add(
                archive,
                "[Content_Types].xml",
                Encoding.UTF8.GetBytes($"<Types><Override PartName=\"/{Main}\" ContentType=\"{kind}\"/></Types>")
            );
            Add(archive, Main, document);
        }

        return bytes.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var part = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        part.Write(content);
    }

    private static byte[]? Unpacked(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            using var part = zip.GetEntry(Main)?.Open();
            using var text = new MemoryStream();
            part?.CopyTo(text);
            return part is null ? null : text.ToArray();
        }
        catch (InvalidDataException)
        {
            return null; // the archive was damaged by an earlier mutation
        }
    }
}
