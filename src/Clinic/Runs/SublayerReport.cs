using TransformerClinic.Training;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Runs;

/// <summary>What an update did to each sublayer, as a line of the log and as TensorBoard's scalars.</summary>
internal static class SublayerReport
{
    /// <summary>The line of the log.</summary>
    public static LogEntry Line(long update, IReadOnlyList<SublayerStatistics> sublayers, TrainingState state) =>
        new()
        {
            Kind = LogKind.Sublayers,
            Step = update,
            Sublayers = sublayers,
            Seconds = state.Seconds,
        };

    /// <summary>
    /// Tags such as <c>gradient norm/encoder layer 3, feed-forward</c> with their values; what is not finite has none.
    /// </summary>
    public static (string Tag, double Value)[] Scalars(IReadOnlyList<SublayerStatistics> sublayers) =>
        [
            .. from sublayer in sublayers
            from value in Values(sublayer)
            where value.Value is not null
            select ($"{value.Name}/{sublayer.Address}", value.Value!.Value),
        ];

    private static (string Name, double? Value)[] Values(SublayerStatistics sublayer) =>
        [
            ("gradient norm", sublayer.GradientNorm),
            ("relative update", sublayer.RelativeUpdate),
            ("omega mean", sublayer.Omega?.Mean),
            ("omega min", sublayer.Omega?.Min),
            ("omega max", sublayer.Omega?.Max),
        ];
}
