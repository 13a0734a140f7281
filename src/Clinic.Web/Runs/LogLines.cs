using System.Text.Json;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Web.Runs;

/// <summary>Lines of a log as what they report.</summary>
internal static class LogLines
{
    /// <summary>What a line reports; null for one of another version, which is passed over.</summary>
    public static LogEntry? Parse(string line)
    {
        try
        {
            return Json.FromLine<LogEntry>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All that the log of a run reports now.</summary>
    public static IReadOnlyList<LogEntry> All(RunPlace run)
    {
        var tail = new LogTail(Path.Combine(run.Folder, RunFolder.LogName));
        var entries = new List<LogEntry>();
        for (var news = tail.Read(); !news.IsEmpty; news = tail.Read())
        {
            if (news.BackTo is not null)
            {
                entries.Clear();
                tail = new LogTail(Path.Combine(run.Folder, RunFolder.LogName));
                continue;
            }

            entries.AddRange(news.Lines.Select(line => Parse(line.Text)).OfType<LogEntry>());
        }

        return entries;
    }

    /// <summary>Whether a line reports what the guard against divergence encountered.</summary>
    public static bool IsIncident(LogEntry entry) =>
        entry.Kind is LogKind.Skipped or LogKind.Rollback or LogKind.Stopped or LogKind.Jump or LogKind.Plateau;
}
