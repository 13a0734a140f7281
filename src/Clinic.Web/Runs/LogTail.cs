using System.Text;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// Follows <c>log.jsonl</c> while a run writes it. The file is opened anew each time and never locked. A last line that
/// is cut short waits until it is whole. Lines that vanish (docs/run-folder.md: a rollback, a run that resumes) are
/// noticed because the last line that was read is read again each time.
/// </summary>
internal sealed class LogTail
{
    /// <summary>Bytes that are read at a time; longer only if a single line is.</summary>
    private const int Chunk = 1 << 20;

    private readonly string _path;
    private readonly List<LogPosition> _ends = [];
    private LogPosition _unverified;

    /// <summary>Follows a log.</summary>
    /// <param name="path">The file, which need not be there yet.</param>
    /// <param name="from">A place that was reached before; the lines after it are news.</param>
    public LogTail(string path, LogPosition from = default) => (_path, _unverified) = (path, from);

    /// <summary>The place after the last line that was read.</summary>
    public LogPosition Position => _ends.Count == 0 ? LogPosition.Start : _ends[^1];

    /// <summary>
    /// What has changed since the last call, or the first part of it: call again until nothing has. While the file is
    /// not there nothing changes: a folder that is moved may come back.
    /// </summary>
    public LogNews Read()
    {
        using var file = RunFile.Open(_path);
        if (file is null)
        {
            return LogNews.None;
        }

        var backTo = _unverified.Offset > 0 ? Resume(file) : null;
        var last = _ends.Count > 1 ? _ends[^2].Offset : 0;
        var bytes = ReadFrom(file, last);
        if (!IsStillThere(bytes, last))
        {
            backTo = GoBack(file);
            last = Position.Offset;
            bytes = ReadFrom(file, last);
        }

        return new LogNews(backTo, Take(bytes, last));
    }

    /// <summary>Takes up a place that was reached before, by this service or the one before it.</summary>
    private LogPosition? Resume(FileStream file)
    {
        var wanted = _unverified;
        _unverified = default;
        foreach (var end in Ends(file))
        {
            _ends.Add(end);
            if (end.Fits(wanted))
            {
                return null;
            }

            if (end.Offset >= wanted.Offset)
            {
                break;
            }
        }

        _ends.Clear();
        return LogPosition.Start;
    }

    /// <summary>Forgets the lines that are no longer there.</summary>
    private LogPosition GoBack(FileStream file)
    {
        var same = Ends(file).Zip(_ends).TakeWhile(pair => pair.First == pair.Second).Count();
        _ends.RemoveRange(same, _ends.Count - same);
        return Position;
    }

    private bool IsStillThere(ReadOnlySpan<byte> bytes, long from)
    {
        if (_ends.Count == 0)
        {
            return true;
        }

        var length = (int)(Position.Offset - from);
        return bytes.Length >= length
            && bytes[length - 1] == '\n'
            && LogPosition.After(Position.Offset, bytes[..(length - 1)]) == Position;
    }

    private List<LogLine> Take(ReadOnlySpan<byte> bytes, long from)
    {
        var lines = new List<LogLine>();
        for (var start = (int)(Position.Offset - from); ; )
        {
            var length = bytes[start..].IndexOf((byte)'\n');
            if (length < 0)
            {
                return lines;
            }

            var line = bytes.Slice(start, length);
            start += length + 1;
            var end = LogPosition.After(from + start, line);
            _ends.Add(end);
            lines.Add(new LogLine(Encoding.UTF8.GetString(line), end));
        }
    }

    /// <summary>
    /// The bytes after a place, at once, so that they belong together: the last line again, and at least one whole line
    /// after it if there is one.
    /// </summary>
    private byte[] ReadFrom(FileStream file, long from)
    {
        for (var size = (Position.Offset - from) + Chunk; ; size *= 2)
        {
            var bytes = new byte[Math.Max(0, Math.Min(size, RandomAccess.GetLength(file.SafeFileHandle) - from))];
            var read = Fill(file, bytes, from);
            var known = (int)Math.Min(read, Position.Offset - from);
            if (read < size || bytes.AsSpan(known, read - known).Contains((byte)'\n'))
            {
                return bytes[..read];
            }
        }
    }

    /// <summary>The place after each whole line of the file.</summary>
    private static IEnumerable<LogPosition> Ends(FileStream file)
    {
        var bytes = new byte[RandomAccess.GetLength(file.SafeFileHandle)];
        var read = Fill(file, bytes, 0);
        for (var start = 0; ; )
        {
            var length = bytes.AsSpan(start, read - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                yield break;
            }

            var end = start + length + 1;
            yield return LogPosition.After(end, bytes.AsSpan(start, length));
            start = end;
        }
    }

    private static int Fill(FileStream file, byte[] bytes, long from)
    {
        var filled = 0;
        while (filled < bytes.Length)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(filled), from + filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }
}
