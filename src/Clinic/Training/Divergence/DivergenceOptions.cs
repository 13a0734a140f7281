using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Training.Divergence;

/// <summary>What is done about an update whose loss or gradient is not finite.</summary>
public enum DivergencePolicy
{
    /// <summary>The weights stay as they were, and training continues with the next batch.</summary>
    Skip,

    /// <summary>Training ends before the update.</summary>
    Stop,

    /// <summary>
    /// Training returns to the newest checkpoint and continues from there with the data after the offending batch.
    /// </summary>
    Rollback,
}

/// <summary>What is done about an update whose loss or gradient norm jumps.</summary>
public enum JumpHandling
{
    /// <summary>It is reported, and the update runs.</summary>
    Tell,

    /// <summary>It is treated like an update that is not finite.</summary>
    Treat,
}

/// <summary>The guard against divergence: what counts as one, and what is done about it.</summary>
public sealed record DivergenceOptions
{
    /// <summary>What is done about an update whose loss or gradient is not finite.</summary>
    public DivergencePolicy Policy { get; init; } = DivergencePolicy.Skip;

    /// <summary>
    /// This many skipped updates in a row end training: a bad batch causes one, a model that is beyond repair causes
    /// them without end.
    /// </summary>
    [Range(1, 1_000_000)]
    public int SkipsInARow { get; init; } = 20;

    /// <summary>After this many rollbacks the next divergence ends training.</summary>
    [Range(0, 1_000_000)]
    public int Rollbacks { get; init; } = 5;

    /// <summary>Whether jumps are only reported, or also treated.</summary>
    public JumpHandling Jumps { get; init; } = JumpHandling.Tell;

    /// <summary>
    /// A loss or gradient norm is a jump if it is this many spreads above the median of recent updates; 0 looks for
    /// none.
    /// </summary>
    [Range(0.0, 1e9)]
    public double Spread { get; init; } = 20;

    /// <summary>How many recent updates median and spread are taken over.</summary>
    [Range(10, 1000)]
    public int Window { get; init; } = 100;

    /// <summary>
    /// Every this many updates the guard checks whether the loss is stuck at that of a model which only knows word
    /// frequencies; 0 never checks.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Plateau { get; init; } = 5000;
}
