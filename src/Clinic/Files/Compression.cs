using ICSharpCode.SharpZipLib.GZip;
using ZstdSharp;

namespace TransformerClinic.Files;

/// <summary>
/// Text that was compressed, recognized by its first bytes whatever its file is called, and read as if it were not.
/// </summary>
internal static class Compression
{
    // Not .NET's own reader of gzip: it takes a file that was cut off for a whole one.
    private static readonly Format[] Formats =
    [
        new("gzip", [0x1F, 0x8B], stream => new GZipInputStream(stream)),
        new("zstd", [0x28, 0xB5, 0x2F, 0xFD], stream => new DecompressionStream(stream)),
        new("xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], stream => new XzStreams(stream)),
    ];

    /// <summary>
    /// The text of a stream: the stream itself, or what its compressed bytes stand for. No UTF-8 begins as a
    /// compressed file does.
    /// </summary>
    /// <param name="stream">The stream; nothing of it is lost, though its first bytes are looked at.</param>
    /// <param name="name">Stands for it in messages.</param>
    public static Stream Decompressed(Stream stream, string name)
    {
        var head = new List<byte>();
        while (
            Formats.Any(format => head.Count < format.Mark.Length && format.Mark.Take(head.Count).SequenceEqual(head))
        )
        {
            // One byte at a time: whoever types a line does not wait for a second one.
            if (stream.ReadByte() is var next && next < 0)
            {
                break;
            }

            head.Add((byte)next);
        }

        var whole = new HeadedStream([.. head], stream);
        return Formats.FirstOrDefault(format => format.Mark.SequenceEqual(head)) is { } found
            ? new DecompressedStream(found.Open(whole), found.Name, name)
            : whole;
    }

    private sealed record Format(string Name, byte[] Mark, Func<HeadedStream, Stream> Open);
}
