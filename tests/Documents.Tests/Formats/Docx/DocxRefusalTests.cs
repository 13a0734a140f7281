using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats.Docx;

/// <summary>What is not a Word document, and what is made to do harm.</summary>
public class DocxRefusalTests
{
    private static readonly byte[] Good = DocxFile.Of("<p><r><t>Hallo</t></r></p>");

    [Fact]
    public void Other_files_are_named()
    {
        byte[] compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[100]];

        AssertRefused("empty", []);
        AssertRefused("not a ZIP archive", "Hallo"u8.ToArray());
        AssertRefused(".doc)", compound);
        AssertRefused("protected by a password", [.. compound, .. Encoding.Unicode.GetBytes("EncryptedPackage")]);
        AssertRefused("RTF", "{\\rtf1 a}"u8.ToArray());
        AssertRefused("[Content_Types].xml", DocxFile.Zip(("mimetype", "application/vnd.oasis.opendocument.text")));
        AssertRefused(
            "Excel and PowerPoint",
            DocxFile.Of("", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")
        );
    }

    [Fact]
    public void Every_truncated_document_is_refused()
    {
        for (var length = 4; length < Good.Length; length += 7)
        {
            RoundTrip.Refusal("docx", Good[..length]);
        }
    }

    [Fact]
    public void A_changed_byte_of_a_part_is_noticed()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = archive.CreateEntry("a.bin", CompressionLevel.NoCompression).Open();
            part.Write("stored text"u8);
        }

        var damaged = bytes.ToArray();
        damaged[damaged.AsSpan().IndexOf("stored"u8)]++;
        AssertRefused("checksum", damaged);
    }

    [Fact]
    public void An_archive_that_unpacks_to_far_more_is_refused_whatever_its_header_says()
    {
        var bomb = Bomb(20 << 20);
        AssertRefused("100 times its size", bomb);

        // The same with a header that claims a small size.
        var header = bomb.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bomb.AsSpan(header + 24), 1000);
        Assert.NotEqual("", RoundTrip.Refusal("docx", bomb));
    }

    [Fact]
    public void Limits_hold_for_size_parts_nesting_and_tags()
    {
        var limits = new DocumentLimits();

        Assert.Contains("more than 100 bytes", Refusal(limits with { MostBytes = 100 }), StringComparison.Ordinal);
        Assert.Contains("unpacks to more", Refusal(limits with { MostUnpackedBytes = 500 }), StringComparison.Ordinal);
        Assert.Contains("3 parts, more than 2", Refusal(limits with { MostParts = 2 }), StringComparison.Ordinal);
        Assert.Contains("in one another", Refusal(limits with { MostLevels = 3 }), StringComparison.Ordinal);
        Assert.Contains("tags and texts", Refusal(limits with { MostNodes = 10 }), StringComparison.Ordinal);
        Assert.Contains("1 segments, more than 0", Refusal(limits with { MostSegments = 0 }), StringComparison.Ordinal);
        Assert.Contains("5 characters", Refusal(limits with { MostSegmentCharacters = 4 }), StringComparison.Ordinal);
        Assert.Contains("more than 300 bytes", Refusal(limits with { MostTextBytes = 300 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_are_refused()
    {
        const string type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        AssertRefused(
            "in word/document.xml: line 1: a DTD is not allowed",
            DocxFile.Zip(
                (
                    "[Content_Types].xml",
                    $"<Types><Override PartName=\"/word/document.xml\" ContentType=\"{type}\"/></Types>"
                ),
                ("word/document.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")
            )
        );
    }

    [Fact]
    public void Two_parts_of_one_name_are_refused() =>
        AssertRefused("the same name", DocxFile.Zip(("word/a.xml", "1"), ("word/A.xml", "2")));

    private static string Refusal(DocumentLimits limits) => RoundTrip.Refusal("docx", Good, limits);

    private static void AssertRefused(string message, byte[] document) =>
        Assert.Contains(message, RoundTrip.Refusal("docx", document), StringComparison.Ordinal);

    private static byte[] Bomb(int size)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = archive.CreateEntry("word/document.xml").Open();
            part.Write(new byte[size]);
        }

        return bytes.ToArray();
    }
}
