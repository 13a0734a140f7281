namespace TransformerClinic.Training.Checkpoints;

/// <summary>Why a checkpoint is kept.</summary>
internal enum KeptBecause
{
    /// <summary>It is one of the newest of the schedule.</summary>
    Newest,

    /// <summary>It has one of the lowest validation losses.</summary>
    Best,

    /// <summary>Training stopped there; it goes when the next one is written.</summary>
    Stopped,
}

/// <summary>
/// Which checkpoints are kept: the newest of the schedule, those with the lowest validation loss, and the newest of
/// all.
/// </summary>
/// <param name="KeepLast">How many of the newest.</param>
/// <param name="KeepBest">How many of the best.</param>
internal sealed record Retention(int KeepLast, int KeepBest)
{
    /// <summary>Why each of a run's checkpoints, oldest first, is kept; nothing for those that may go.</summary>
    public IReadOnlyList<(Checkpoint Checkpoint, IReadOnlyList<KeptBecause> Because)> Of(IReadOnlyList<Checkpoint> all)
    {
        var scheduled = all.Where(checkpoint => checkpoint.Content.Scheduled).ToList();
        var newest = scheduled.TakeLast(KeepLast).ToHashSet();
        var best = scheduled
            .Where(checkpoint => checkpoint.Content.ValidationLoss is not null)
            .OrderBy(checkpoint => checkpoint.Content.ValidationLoss)
            .Take(KeepBest)
            .ToHashSet();
        return [.. all.Select(checkpoint => (checkpoint, Reasons(checkpoint)))];

        IReadOnlyList<KeptBecause> Reasons(Checkpoint checkpoint) =>
            [
                .. newest.Contains(checkpoint) ? [KeptBecause.Newest] : Array.Empty<KeptBecause>(),
                .. best.Contains(checkpoint) ? [KeptBecause.Best] : Array.Empty<KeptBecause>(),
                .. checkpoint == all[^1] && !checkpoint.Content.Scheduled
                    ? [KeptBecause.Stopped]
                    : Array.Empty<KeptBecause>(),
            ];
    }
}
