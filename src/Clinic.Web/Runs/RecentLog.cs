using System.Text;
using TransformerClinic.Runs;

namespace TransformerClinic.Web.Runs;

/// <summary>Where a training is, according to the end of its log.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="Seconds">Seconds of training.</param>
internal sealed record RecentLog(long Step, double Seconds)
{
    /// <summary>Bytes at the end of the log that are read: some hundred lines.</summary>
    private const int Bytes = 1 << 16;

    /// <summary>Updates in a second over the latest lines; null if there are too few.</summary>
    public double? UpdatesPerSecond { get; init; }

    /// <summary>Target tokens in a second, by the latest lines that say it; null if none does.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Negative log-likelihood of the latest line on training.</summary>
    public double? TrainingNll { get; init; }

    /// <summary>Negative log-likelihood of the latest validation.</summary>
    public double? ValidationNll { get; init; }

    /// <summary>Reads the end of a log; without a log nothing was done.</summary>
    public static RecentLog Of(string path)
    {
        var entries = LinesOf(path).Select(LogLines.Parse).OfType<LogEntry>().ToList();
        if (entries.Count == 0)
        {
            return new RecentLog(0, 0);
        }

        // What the guard reports bears the number of an update that it did not make.
        var made = entries.LastOrDefault(entry => !LogLines.IsIncident(entry) || entry.Kind == LogKind.Rollback);
        return new RecentLog(made?.Step ?? 0, entries[^1].Seconds)
        {
            UpdatesPerSecond = Rate(entries),
            TokensPerSecond = entries.Average(entry => entry.TokensPerSecond),
            TrainingNll = entries.LastOrDefault(entry => entry.Kind == LogKind.Train)?.Nll,
            ValidationNll = entries.LastOrDefault(entry => entry.Kind == LogKind.Valid)?.Nll,
        };
    }

    /// <summary>Over the lines since a rollback: at one the updates go back and the seconds do not.</summary>
    private static double? Rate(List<LogEntry> entries)
    {
        var train = entries
            .Skip(entries.FindLastIndex(entry => entry.Kind == LogKind.Rollback) + 1)
            .Where(entry => entry.Kind == LogKind.Train)
            .ToList();
        return train is [var first, .., var last] && last.Seconds > first.Seconds
            ? (last.Step - first.Step) / (last.Seconds - first.Seconds)
            : null;
    }

    private static IEnumerable<string> LinesOf(string path)
    {
        using var file = RunFile.Open(path);
        if (file is null)
        {
            return [];
        }

        var from = Math.Max(0, file.Length - Bytes);
        file.Seek(from, SeekOrigin.Begin);
        var bytes = new byte[Bytes];
        var read = file.ReadAtLeast(bytes, Bytes, throwOnEndOfStream: false);
        var lines = Encoding.UTF8.GetString(bytes, 0, read).Split('\n');
        return lines[(from > 0 ? 1 : 0)..^1];
    }
}
