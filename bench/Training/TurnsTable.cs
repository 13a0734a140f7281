using System.Globalization;

namespace TransformerClinic.Bench.Training;

/// <summary>What two builds took in turns, as text: medians, and ratios within a turn.</summary>
internal static class TurnsTable
{
    public static void Write(TextWriter to, string what, List<(UpdateTimes Before, UpdateTimes After)> turns)
    {
        Row(to, $"{what} before", [.. turns.Select(turn => turn.Before)]);
        Row(to, $"{what} after", [.. turns.Select(turn => turn.After)]);
        to.WriteLine(
            $"{what}: times as fast by the clock {Ratio(turns, times => times.Seconds)}, by processor time "
                + $"{Ratio(turns, times => times.ProcessorSeconds)}"
        );
    }

    private static void Row(TextWriter to, string what, UpdateTimes[] times) =>
        to.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {Of(times, one => one.Tokens / one.Seconds):N0} tokens/s, "
                    + $"{1000 * Of(times, one => one.Seconds / one.Updates):0.0} ms an update, processor "
                    + $"{1000 * Of(times, one => one.ProcessorSeconds / one.Updates):0.0} ms, "
                    + $"{Of(times, one => one.GigaOperations / one.Seconds):0} GFLOP/s, forward "
                    + $"{Of(times, one => one.Forward / one.Seconds):P0}, backward "
                    + $"{Of(times, one => one.Backward / one.Seconds):P0}, optimizer "
                    + $"{Of(times, one => one.Optimizer / one.Seconds):P0}, managed "
                    + $"{Of(times, one => one.ManagedBytes) / 1024:0} KiB an update"
            )
        );

    private static double Of(UpdateTimes[] times, Func<UpdateTimes, double> figure) => Median.Of(times.Select(figure));

    private static string Ratio(List<(UpdateTimes Before, UpdateTimes After)> turns, Func<UpdateTimes, double> time)
    {
        double[] ratios = [.. turns.Select(turn => time(turn.Before) / time(turn.After))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Median.Of(ratios):0.00} ({ratios.Min():0.00}-{ratios.Max():0.00})"
        );
    }
}
