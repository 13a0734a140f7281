using System.Globalization;

namespace TransformerClinic.Distribution;

/// <summary>Processes that others have waited for in vain.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Ranks">The first few of them.</param>
internal sealed record MissingProcesses(int Count, IReadOnlyList<int> Ranks)
{
    /// <summary>At most this many are named.</summary>
    public const int MostNamed = 8;

    /// <summary>Who is missing, where and for how long, in words.</summary>
    public string Words(IReadOnlyList<string> hosts, string place, TimeSpan patience)
    {
        var names = string.Join(", ", Ranks.Select(rank => $"rank {rank} on {hosts[rank]}"));
        var who = Count > Ranks.Count ? $"{names} and {Count - Ranks.Count} more" : names;
        return $"{who} {(Count == 1 ? "has" : "have")} not reached {place} within {Words(patience)} "
            + "(distributed.patience). All processes end; run the same command again to resume from the newest "
            + "checkpoint.";
    }

    /// <summary>A time in the unit that suits it.</summary>
    public static string Words(TimeSpan time)
    {
        var (number, unit) =
            time.TotalSeconds < 100 ? (time.TotalSeconds, "second")
            : time.TotalMinutes < 100 ? (time.TotalMinutes, "minute")
            : (time.TotalHours, "hour");
        var text = number.ToString("0.#", CultureInfo.InvariantCulture);
        return $"{text} {unit}{(text == "1" ? "" : "s")}";
    }
}
