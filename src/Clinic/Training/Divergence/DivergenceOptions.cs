using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Training.Divergence;

/// <summary>What is done about an update whose loss or gradient is not finite.</summary>
public enum DivergencePolicy
{
    /// <summary>The weights stay as they were, and training goes on with the next batch.</summary>
    Skip,

    /// <summary>Training ends before the update.</summary>
    Stop,

    /// <summary>
    /// Training goes back to the newest checkpoint and on from there with the data after the offending batch.
    /// </summary>
    Rollback,
}

/// <summary>What is done about an update whose loss or gradient norm jumps.</summary>
public enum JumpHandling
{
    /// <summary>It is told of, and made.</summary>
    Tell,

    /// <summary>It is treated like one that is not finite.</summary>
    Treat,
}

/// <summary>The guard against divergence: what counts as one, and what is done about it.</summary>
public sealed record DivergenceOptions
{
    /// <summary>What is done about an update whose loss or gradient is not finite.</summary>
    public DivergencePolicy Policy { get; init; } = DivergencePolicy.Skip;

    /// <summary>
    /// So many skipped updates in a row end training: one bad batch gives one, a model that is lost gives them without
    /// end.
    /// </summary>
    [Range(1, 1_000_000)]
    public int SkipsInARow { get; init; } = 20;

    /// <summary>After so many rollbacks the next divergence ends training.</summary>
    [Range(0, 1_000_000)]
    public int Rollbacks { get; init; } = 5;

    /// <summary>Whether jumps are only told of or treated, too.</summary>
    public JumpHandling Jumps { get; init; } = JumpHandling.Tell;

    /// <summary>
    /// A loss or gradient norm is a jump if it is so many spreads above the median of recent updates; 0 looks for none.
    /// </summary>
    [Range(0.0, 1e9)]
    public double Spread { get; init; } = 20;

    /// <summary>How many recent updates median and spread are taken over.</summary>
    [Range(10, 1000)]
    public int Window { get; init; } = 100;

    /// <summary>
    /// Every so many updates it is asked whether the loss is stuck at that of a model which knows word frequencies
    /// only; 0 never asks.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Plateau { get; init; } = 5000;
}
