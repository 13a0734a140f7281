using System.Text;
using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Runs;

/// <summary>
/// The log of a run, one JSON object per line, only ever added to. When a run resumes from update k, the lines of later
/// updates and a last line that was cut short are taken away first, so that every update is reported once.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly FileStream _stream;

    private RunLog(FileStream stream) => _stream = stream;

    /// <summary>Opens the log of a run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="update">The update that the run is at.</param>
    /// <param name="rollbacks">
    /// How often it went back: lines that report more rollbacks are of what is yet to come.
    /// </param>
    /// <exception cref="UserErrorException">A whole line is not a line of a log.</exception>
    public static RunLog Open(string path, long update, int rollbacks = 0)
    {
        var keep = File.Exists(path) ? EndOfPast(path, update, rollbacks) : 0;
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        stream.SetLength(keep);
        stream.Seek(0, SeekOrigin.End);
        return new RunLog(stream);
    }

    /// <summary>
    /// The lines of a log; a last line that was cut short, as a process that was killed leaves it, does not count.
    /// </summary>
    /// <exception cref="UserErrorException">There is no log, or a whole line is not a line of a log.</exception>
    public static IReadOnlyList<LogEntry> Read(string path) => [.. Lines(path).Select(line => line.Entry)];

    /// <summary>Adds a line.</summary>
    public void Append(LogEntry entry)
    {
        _stream.Write(Encoding.UTF8.GetBytes(Json.Line(entry) + "\n"));
        _stream.Flush();
    }

    /// <summary>Takes away the lines of the updates after one that a rollback went back to.</summary>
    /// <param name="update">The update that the run is at again.</param>
    /// <param name="rollbacks">Rollbacks before this one.</param>
    /// <returns>The lines.</returns>
    public string GoBackTo(long update, int rollbacks)
    {
        var keep = EndOfPast(_stream.Name, update, rollbacks);
        var undone = Encoding.UTF8.GetString(ReadShared(_stream.Name).AsSpan((int)keep));
        _stream.SetLength(keep);
        _stream.Seek(0, SeekOrigin.End);
        return undone;
    }

    /// <summary>Makes sure that all lines are on the disk.</summary>
    /// <exception cref="FileNotFoundException">
    /// The file has gone from its place: what is written would be lost.
    /// </exception>
    public void Flush()
    {
        if (!File.Exists(_stream.Name))
        {
            throw new FileNotFoundException($"{_stream.Name}: this file was there and has vanished.");
        }

        _stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    // A run before its first update begins again, with the validation of a model that it begins from.
    private static long EndOfPast(string path, long update, int rollbacks) =>
        Lines(path)
            .TakeWhile(line => update > 0 && line.Entry.Step <= update && !(line.Entry.Rollbacks > rollbacks))
            .Select(line => line.End)
            .LastOrDefault();

    /// <summary>Each whole line with the position after it.</summary>
    private static List<(LogEntry Entry, long End)> Lines(string path)
    {
        var bytes = ReadShared(path);
        var lines = new List<(LogEntry, long)>();
        var start = 0;
        for (var end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            var entry =
                Entry(bytes.AsSpan(start, end - start))
                ?? throw new UserErrorException(
                    $"{path}, line {lines.Count + 1}: this is not a line of a training log. Remove the line, or the "
                        + "whole file: the log only records the training."
                );
            start = end + 1;
            lines.Add((entry, start));
        }

        return lines;
    }

    private static LogEntry? Entry(ReadOnlySpan<byte> line)
    {
        try
        {
            return Json.FromLine<LogEntry>(Encoding.UTF8.GetString(line));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The run may still be writing; on Windows a reader must allow that.</summary>
    private static byte[] ReadShared(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such file.");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
