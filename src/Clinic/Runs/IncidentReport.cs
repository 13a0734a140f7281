using System.Globalization;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Runs;

/// <summary>What the guard against divergence encountered and did, in words and as a line of the log.</summary>
internal static class IncidentReport
{
    private const int ShortHash = 12;

    /// <summary>The line for whoever watches.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="state">The state after it.</param>
    /// <param name="kept">Where its batches are kept, or null.</param>
    public static string Words(Incident incident, TrainingState state, string? kept)
    {
        var where = incident.Where.Length > 0 ? $"; {incident.Where}" : "";
        var place = kept is null ? "" : $" (kept in {kept})";
        var batches =
            incident.Batches.Count == 0 ? "" : $" Batches: {string.Join("; ", incident.Batches.Select(Words))}{place}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"update {incident.Update}: {incident.Cause}{where}.{batches} {Done(incident, state)}"
        );
    }

    /// <summary>The line of the log.</summary>
    public static LogEntry Line(Incident incident, TrainingState state, string? kept) =>
        new()
        {
            Kind = incident switch
            {
                { Treatment: Treatment.RolledBack } => LogKind.Rollback,
                { Treatment: Treatment.Skipped } => LogKind.Skipped,
                { Kind: IncidentKind.Plateau } => LogKind.Plateau,
                { Treatment: Treatment.Stopped } => LogKind.Stopped,
                _ => LogKind.Jump,
            },
            Step = incident.Treatment == Treatment.RolledBack ? state.Update : incident.Update,
            Cause = incident.Cause,
            Where = incident.Where.Length > 0 ? incident.Where : null,
            Batches = incident.Batches.Count > 0 ? [.. incident.Batches.Select(Words)] : null,
            Offending = kept,
            Rollbacks = incident.Treatment == Treatment.RolledBack ? state.Rollbacks : null,
            Seconds = state.Seconds,
        };

    private static string Words(OffendingBatch batch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {batch.Epoch}, {batch.Examples.Count} examples, SHA-256 {batch.Hash[..ShortHash]}"
        );

    private static string Done(Incident incident, TrainingState state) =>
        incident.Treatment switch
        {
            Treatment.Skipped => string.Create(
                CultureInfo.InvariantCulture,
                $"The update is skipped ({state.SkippedUpdates} so far)."
            ),
            Treatment.RolledBack => string.Create(
                CultureInfo.InvariantCulture,
                $"Training returns to update {state.Update} and continues with the data that follow (rollback "
                    + $"{state.Rollbacks})."
            ),
            Treatment.Stopped => "Training ends.",
            _ => "Training continues.",
        };
}
