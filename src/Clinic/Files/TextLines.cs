using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// Text files by the same rule everywhere: strict UTF-8 without NUL characters, a byte order mark is dropped, lines end
/// with <c>\n</c> or <c>\r\n</c> and with nothing else (U+2028 and a lone <c>\r</c> are text), and the last line does
/// not need a line end. Empty lines count. Text compressed with gzip, zstd or xz is read as if it were not.
/// </summary>
internal static class TextLines
{
    private const int LongestLine = 1 << 28; // 256 MiB

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The lines of a file.</summary>
    /// <exception cref="UserErrorException">The file is missing, is a folder, or is not UTF-8 text.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        using var stream = Open(path);
        return Read(stream, path);
    }

    /// <summary>The lines of a stream; messages call it <paramref name="name"/>.</summary>
    /// <exception cref="UserErrorException">A line is not UTF-8 text, or the compressed text is damaged.</exception>
    public static IReadOnlyList<string> Read(Stream stream, string name) => [.. Enumerate(stream, name)];

    /// <summary>A file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stop">Ends the wait for the writer of a named pipe.</param>
    /// <exception cref="UserErrorException">The file is missing or is a folder.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static byte[] ReadBytes(string path, CancellationToken stop = default) =>
        Opened(path, found => Interruptible.Run(() => File.ReadAllBytes(found), stop));

    /// <summary>A file as a stream, for files that may not fit into memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stop">Ends the wait for the writer of a named pipe.</param>
    /// <exception cref="UserErrorException">The file is missing or is a folder.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Stream Open(string path, CancellationToken stop = default) =>
        Opened(path, found => Interruptible.Run(() => File.OpenRead(found), stop));

    /// <summary>
    /// How many lines a file has; afterwards its position is at the start again. Null if it can be read only once, like
    /// a pipe.
    /// </summary>
    /// <param name="file">The file; if it is only a byte order mark, the count is one.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="UserErrorException">The compressed text is damaged.</exception>
    public static long? Count(Stream file, string name)
    {
        if (!file.CanSeek)
        {
            return null;
        }

        var stream = Compression.Decompressed(file, name);
        var lines = Count(stream);
        file.Position = 0;
        return lines;
    }

    private static long Count(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var (lines, ended, read) = (0L, true, 0);
        while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            ended = buffer[read - 1] == (byte)'\n';
        }

        return ended ? lines : lines + 1;
    }

    private static T Opened<T>(string path, Func<string, T> open) =>
        InputFile.Opened(path, open, "a text file is needed");

    /// <summary>The lines of a stream, one by one.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="fromStart">Whether it begins where its file does, so that it may have a byte order mark.</param>
    /// <exception cref="UserErrorException">
    /// A line is not UTF-8 text or has more than 256 MiB, or the compressed text is damaged.
    /// </exception>
    public static IEnumerable<string> Enumerate(Stream stream, string name, bool fromStart = true)
    {
        var text = Compression.Decompressed(stream, name);
        var pending = new MemoryStream();
        var buffer = new byte[1 << 16];
        var number = 0;
        var head = Array.Empty<byte>();
        var damage = new TextDamage(name, head);
        int read;
        while ((read = text.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (head.Length < TextDamage.HeadLength)
            {
                head = [.. head, .. buffer.AsSpan(0, Math.Min(read, TextDamage.HeadLength - head.Length))];
                damage = new TextDamage(name, head);
            }

            var start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, read - start) is var end and >= 0)
            {
                pending.Write(buffer, start, end - start);
                start = end + 1;
                yield return Line(pending, damage, ++number, fromStart, ended: true);
            }

            pending.Write(buffer, start, read - start);
            if (pending.Length > LongestLine)
            {
                throw new UserErrorException(
                    $"{name}, line {number + 1}: the line has more than {LongestLine >> 20} MiB. Text has a sentence "
                        + "in a line; is this a text file?"
                );
            }
        }

        // A file that consists only of a byte order mark has no lines.
        if (
            pending.Length > 0
            && Line(pending, damage, ++number, fromStart, ended: false) is var last
            && (last.Length > 0 || number > 1)
        )
        {
            yield return last;
        }
    }

    private static string Line(MemoryStream pending, TextDamage damage, int number, bool fromStart, bool ended)
    {
        var bytes = pending.GetBuffer().AsSpan(0, (int)pending.Length);
        if (fromStart && number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        if (ended && bytes is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        try
        {
            var line = StrictUtf8.GetString(bytes);
            pending.SetLength(0);
            return bytes.Contains((byte)0) ? throw damage.Nul(number, bytes) : line;
        }
        catch (DecoderFallbackException exception)
        {
            throw damage.NotUtf8(number, bytes, exception.Index, exception);
        }
    }
}
