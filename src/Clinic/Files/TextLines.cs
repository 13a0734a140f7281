using System.Text;

namespace TransformerClinic.Files;

/// <summary>
/// Text files by the same rule everywhere: strict UTF-8, a byte order mark is dropped, lines end with <c>\n</c> or <c>\r\n</c> and
/// with nothing else (U+2028 and a lone <c>\r</c> are text), and the last line need not end. Empty lines count.
/// </summary>
public static class TextLines
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines of a file.</summary>
    /// <exception cref="UserErrorException">The file is missing, a folder, or not UTF-8.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        using var stream = new MemoryStream(ReadBytes(path), writable: false);
        return Read(stream, path);
    }

    /// <summary>The lines of a stream; <paramref name="name"/> stands for it in messages.</summary>
    /// <exception cref="UserErrorException">A line is not UTF-8.</exception>
    public static IReadOnlyList<string> Read(Stream stream, string name) => [.. Enumerate(stream, name)];

    /// <summary>A file's bytes.</summary>
    /// <exception cref="UserErrorException">The file is missing or a folder.</exception>
    public static byte[] ReadBytes(string path) => Opened(path, File.ReadAllBytes);

    /// <summary>A file as a stream, for files that need not fit into memory.</summary>
    /// <exception cref="UserErrorException">The file is missing or a folder.</exception>
    public static Stream Open(string path) => Opened(path, File.OpenRead);

    /// <summary>How many lines a stream has, by the rule of <see cref="Enumerate"/>; of a file that is a byte order mark alone, one.</summary>
    public static long Count(Stream stream)
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

    private static T Opened<T>(string path, Func<string, T> open)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path}: this is a folder; a text file is needed.");
        }

        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such file.");
        }

        try
        {
            return open(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException($"{path}: the file may not be read ({exception.Message}).", exception);
        }
    }

    /// <summary>The lines of a stream, one by one.</summary>
    /// <exception cref="UserErrorException">A line is not UTF-8.</exception>
    public static IEnumerable<string> Enumerate(Stream stream, string name)
    {
        var pending = new MemoryStream();
        var buffer = new byte[1 << 16];
        var number = 0;
        int read;
        while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == (byte)'\n')
                {
                    pending.Write(buffer, start, i - start);
                    start = i + 1;
                    yield return Line(pending, name, ++number, ended: true);
                }
            }

            pending.Write(buffer, start, read - start);
        }

        // A file that is nothing but a byte order mark has no line.
        if (pending.Length > 0 && Line(pending, name, ++number, ended: false) is var last && (last.Length > 0 || number > 1))
        {
            yield return last;
        }
    }

    private static string Line(MemoryStream pending, string name, int number, bool ended)
    {
        var bytes = pending.GetBuffer().AsSpan(0, (int)pending.Length);
        if (number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
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
            return line;
        }
        catch (DecoderFallbackException exception)
        {
            throw new UserErrorException(
                $"{name}, line {number}: byte {exception.Index + 1} of the line is not UTF-8. Convert the file first, for example with: iconv -f latin1 -t utf-8", exception);
        }
    }
}
