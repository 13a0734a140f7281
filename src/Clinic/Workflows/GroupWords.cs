using System.Globalization;
using TransformerClinic.Distribution;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Workflows;

/// <summary>What is said of several processes that train together.</summary>
internal static class GroupWords
{
    private const double Enough = 0.95;
    private const int MostBatches = 1 << 16;

    /// <summary>Who trains, and what each has to do.</summary>
    public static string Begin(ProcessGroup group, UpdateShare share)
    {
        string[] hosts = [.. group.Hosts.Distinct(StringComparer.Ordinal)];
        var machines = hosts.Length == 1 ? "1 machine" : $"{hosts.Length} machines";
        var each = share.Most == share.Fewest ? $"{share.Most}" : $"{share.Fewest} or {share.Most}";
        var pieces = share.Pieces == 1 ? "1 piece" : $"{share.Pieces} pieces";
        var state = group.Count switch
        {
            2 => "half",
            3 => "a third",
            4 => "a quarter",
            _ => $"1/{group.Count}",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Count} processes on {machines} ({group.Engine}): {string.Join(' ', hosts)}; "
                + $"{pieces} an update, {each} each; optimizer state {state} each"
        );
    }

    /// <summary>What is said where processors differ; null where they do not.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="processors">The processor of each.</param>
    public static string? Unlike(ProcessGroup group, IReadOnlyList<string> processors)
    {
        var other = processors.Index().FirstOrDefault(entry => entry.Item != processors[0]).Index;
        return other == 0
            ? null
            : $"the processors differ ({group.Hosts[0]}: {processors[0]}; {group.Hosts[other]}: {processors[other]}): "
                + "all processes have the same weights, but fewer or other machines may give other bits.";
    }

    /// <summary>Where the time of updates goes, and what would make exchanging a small part of it.</summary>
    /// <param name="clock">The time so far.</param>
    /// <param name="accumulate">Batches of an update.</param>
    public static string Times(StepClock clock, int accumulate)
    {
        var computing = clock.Data + clock.Forward + clock.Backward + clock.Optimizer;
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * Share(1):0} % computing, {100 - Math.Round(100 * Share(1)):0} % exchanging"
        );
        if (Share(1) >= Enough)
        {
            return words;
        }

        var factor = 2;
        while (Math.Round(Share(factor), 2) < Enough && (long)accumulate * factor < MostBatches)
        {
            factor *= 2;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{words}; training.accumulate: {(long)accumulate * factor} would be {100 * Share(factor):0} %"
        );

        double Share(int times) => times * computing / Math.Max((times * computing) + clock.Exchange, 1e-9);
    }
}
