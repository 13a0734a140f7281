using System.Text;
using System.Text.Json;
using TransformerClinic.Files;

namespace TransformerClinic.Runs;

/// <summary>
/// The log of a run, one JSON object a line, only ever added to. When a run goes on from update k, lines of later updates
/// and a last line that was cut short are taken away first, so that every update is told of once.
/// </summary>
public sealed class RunLog : IDisposable
{
    private readonly FileStream _stream;

    private RunLog(FileStream stream) => _stream = stream;

    /// <summary>Opens the log of a run that stands at an update.</summary>
    public static RunLog Open(string path, long update)
    {
        if (File.Exists(path))
        {
            var kept = Read(path).Where(entry => entry.Step <= update);
            AtomicFile.WriteText(path, string.Concat(kept.Select(entry => Json.Line(entry) + "\n")));
        }

        return new RunLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <summary>The whole lines of a log; reading ends at the first that is cut short.</summary>
    public static IReadOnlyList<LogEntry> Read(string path)
    {
        var entries = new List<LogEntry>();
        foreach (var line in TextLines.Read(path))
        {
            try
            {
                if (Json.FromLine<LogEntry>(line) is { } entry)
                {
                    entries.Add(entry);
                }
            }
            catch (JsonException)
            {
                break; // A process that was killed leaves its last line cut short.
            }
        }

        return entries;
    }

    /// <summary>Adds a line.</summary>
    public void Append(LogEntry entry)
    {
        _stream.Write(Encoding.UTF8.GetBytes(Json.Line(entry) + "\n"));
        _stream.Flush();
    }

    /// <summary>Makes sure that all lines are on the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
