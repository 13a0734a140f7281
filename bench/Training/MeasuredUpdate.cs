namespace TransformerClinic.Bench.Training;

/// <summary>One update's times in seconds, its size, and the peak of large products measured just before it.</summary>
internal sealed record MeasuredUpdate(
    double Seconds,
    double Forward,
    double Backward,
    double Optimizer,
    double Data,
    int Tokens,
    double PaddingShare,
    double GigaOperations,
    double PeakGigaFlops
)
{
    /// <summary>Medians over updates.</summary>
    public static PrecisionReport Report(IReadOnlyList<MeasuredUpdate> updates)
    {
        return new PrecisionReport(
            Of(update => update.Tokens / update.Seconds),
            Of(update => update.Seconds),
            Of(update => update.Forward / update.Seconds),
            Of(update => update.Backward / update.Seconds),
            Of(update => update.Optimizer / update.Seconds),
            Of(update => update.Data / update.Seconds),
            Of(update => 1 - ((update.Forward + update.Backward + update.Optimizer + update.Data) / update.Seconds)),
            Of(update => update.GigaOperations / update.Seconds),
            Of(update => update.PeakGigaFlops),
            Of(update => update.GigaOperations / update.Seconds / update.PeakGigaFlops)
        );

        double Of(Func<MeasuredUpdate, double> figure) => Median.Of(updates.Select(figure));
    }
}
