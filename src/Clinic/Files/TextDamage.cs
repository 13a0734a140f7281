using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>What to say about a line that is not UTF-8 text: what it looks like, and how to convert it.</summary>
/// <param name="name">The text's name in messages.</param>
/// <param name="head">The first bytes of the text.</param>
internal sealed class TextDamage(string name, byte[] head)
{
    /// <summary>The number of first bytes that <see cref="TextDamage"/> needs.</summary>
    public const int HeadLength = 4;

    // In UTF-16 text that is mostly ASCII, every other byte is NUL.
    private const int LeastShareOfNul = 4;

    /// <summary>A line that cannot be decoded.</summary>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="bytes">The line.</param>
    /// <param name="at">The first byte that is not UTF-8.</param>
    /// <param name="cause">The decoder's exception.</param>
    public UserErrorException NotUtf8(int line, ReadOnlySpan<byte> bytes, int at, Exception cause) =>
        new(
            $"{name}, line {line}: byte {at + 1} of the line is not UTF-8. "
                + (
                    OfHead()
                    ?? OfUtf16(line, bytes)
                    ?? "Convert it first; if it is Latin-1, with: iconv -f latin1 -t utf-8"
                ),
            cause
        );

    /// <summary>A line with a NUL character, which text never contains.</summary>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="bytes">The line.</param>
    public UserErrorException Nul(int line, ReadOnlySpan<byte> bytes) =>
        new(
            $"{name}, line {line}: there is a NUL character. "
                + (
                    OfHead()
                    ?? OfUtf16(line, bytes)
                    ?? "Text must not contain one: remove it first, for example with: tr -d '\\000'"
                )
        );

    private string? OfHead() =>
        head switch
        {
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => Convert(
                "its byte order mark says that this is UTF-32",
                "utf-32"
            ),
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => Convert("its byte order mark says that this is UTF-16", "utf-16"),
            [(byte)'P', (byte)'K', 3, 4, ..] =>
                "This is a ZIP archive, as .docx, .xlsx and .odt files are: extract the text first.",
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] =>
                "This is compressed with bzip2: unpack it first, with: bunzip2",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] =>
                "This is a PDF document: extract its text first, for example with: pdftotext",
            _ => null,
        };

    private static string? OfUtf16(int line, ReadOnlySpan<byte> bytes)
    {
        // Of the two bytes of a line feed, the NUL precedes the other byte at the end of a line, or follows it at the
        // start of the next.
        var atLineFeed = line == 1 ? bytes is [.., 0] : bytes is [0, ..];
        if (!atLineFeed && LeastShareOfNul * bytes.Count((byte)0) < bytes.Length)
        {
            return null;
        }

        // In the first line characters start at even positions, and in an ASCII character the NUL is the high byte.
        var bigEndian = line == 1 && bytes.IndexOf((byte)0) is var first and >= 0 && first % 2 == 0;
        return Convert("this looks like UTF-16 without a byte order mark", bigEndian ? "utf-16be" : "utf-16le");
    }

    private static string Convert(string finding, string encoding) =>
        $"{char.ToUpperInvariant(finding[0])}{finding[1..]}: convert it first, for example with: iconv -f {encoding} "
        + $"-t utf-8";
}
