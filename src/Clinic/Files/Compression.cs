using ICSharpCode.SharpZipLib.GZip;
using ZstdSharp;

namespace TransformerClinic.Files;

/// <summary>
/// Compressed text, recognized by its first bytes whatever its file is called, and read as if it were plain.
/// </summary>
internal static class Compression
{
    // 258 bytes for two bits: RFC 1951, a longest match whose length and distance have codes of one bit.
    private const long MostOfOneByteOfGzip = 1032;

    // Not .NET's own gzip reader: it accepts a truncated file as complete.
    private static readonly Format[] Formats =
    [
        new("gzip", [0x1F, 0x8B], stream => new GZipInputStream(stream), MostOfOneByteOfGzip),
        new("zstd", [0x28, 0xB5, 0x2F, 0xFD], stream => new DecompressionStream(stream)),
        new("xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], stream => new XzStreams(stream)),
    ];

    /// <summary>
    /// The text of a stream: the stream itself, or its decompressed bytes. No UTF-8 text starts the way a compressed
    /// file does.
    /// </summary>
    /// <param name="stream">The stream; nothing of it is lost, although its first bytes are examined.</param>
    /// <param name="name">Its name in messages.</param>
    public static Stream Decompressed(Stream stream, string name)
    {
        var head = new List<byte>();
        while (
            Formats.Any(format => head.Count < format.Mark.Length && format.Mark.Take(head.Count).SequenceEqual(head))
        )
        {
            // One byte at a time, so that somebody typing a line does not have to type a second one.
            if (stream.ReadByte() is var next && next < 0)
            {
                break;
            }

            head.Add((byte)next);
        }

        var whole = new HeadedStream([.. head], stream);
        return Formats.FirstOrDefault(format => format.Mark.SequenceEqual(head)) is { } found
            ? new DecompressedStream(found.Open(whole), whole, found.MostOfOneByte, found.Name, name)
            : whole;
    }

    /// <summary>Whether a file is compressed; its position is at the start afterwards.</summary>
    public static bool IsCompressed(Stream file)
    {
        file.Position = 0;
        var head = new byte[Formats.Max(format => format.Mark.Length)];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return Formats.Any(format => head.AsSpan(0, read).StartsWith(format.Mark));
    }

    private sealed record Format(
        string Name,
        byte[] Mark,
        Func<HeadedStream, Stream> Open,
        long MostOfOneByte = long.MaxValue
    );
}
