using TransformerClinic.Comparisons.Statistics;
using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Comparisons;

/// <summary>A candidate with its runs, and how it compares with the best one.</summary>
internal sealed record RankedCandidate
{
    /// <summary>The candidate.</summary>
    public required Candidate Candidate { get; init; }

    /// <summary>Its runs; none if it failed at every rate of the search.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>Its trainings of the search.</summary>
    public required IReadOnlyList<ComparedRun> Search { get; init; }

    /// <summary>Its place, from 1; null if no run trained.</summary>
    public int? Rank { get; init; }

    /// <summary>Its final validation losses, in nats per target token, of the runs that trained.</summary>
    public MeanInterval? Nll { get; init; }

    /// <summary>BLEU of the test set.</summary>
    public MeanInterval? Bleu { get; init; }

    /// <summary>Its loss minus that of the best one; null for the best, and if it takes more seeds.</summary>
    public WelchTest? BehindBest { get; init; }

    /// <summary>The p-value of that difference, by Holm's correction for all that are compared with the best.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>Whether its difference from the best is more than chance explains.</summary>
    public bool IsBehind => AdjustedP < Ranking.Level;

    /// <summary>The rate that its runs were trained with; null without runs.</summary>
    public double? LearningRate => Runs.Count > 0 ? Runs[0].LearningRate : null;

    /// <summary>
    /// Runs that gave no usable model; of a candidate without runs, the trainings of the search that diverged.
    /// </summary>
    public int Failed =>
        Runs.Count > 0
            ? Runs.Count(run => run.Results.Failed)
            : Search.Count(run => run.Results.Outcome == RunOutcome.Diverged);

    /// <summary>The runs that <see cref="Failed"/> is counted in.</summary>
    public IReadOnlyList<ComparedRun> Tried => Runs.Count > 0 ? Runs : Search;

    /// <summary>Whether at least one run gave a usable model.</summary>
    public bool Trained => Nll is not null;

    /// <summary>The median of its runs' seconds per update.</summary>
    public double? SecondsPerUpdate => Median([.. Tried.Select(run => run.SecondsPerUpdate).OfType<double>()]);

    /// <summary>The largest working set of its runs, in MiB.</summary>
    public double? MemoryMiB => Tried.Max(run => run.MemoryMiB);

    /// <summary>Parameters of its model.</summary>
    public long Parameters => Tried.Count > 0 ? Tried[0].Results.Parameters : 0;

    /// <summary>
    /// Whether the best rate is the highest or the lowest that was tried, so that one outside the grid may be better.
    /// </summary>
    public bool IsAtEdge =>
        LearningRate is { } rate
        && Search.Count > 1
        && (rate == Search.Max(run => run.LearningRate) || rate == Search.Min(run => run.LearningRate));

    /// <summary>
    /// Whether no training of the search learned more than token frequencies, so that its losses do not say which rate
    /// is best for learning more.
    /// </summary>
    public bool IsSearchTooShort =>
        Search.Count > 1
        && Search.All(run => run.Results.Failed)
        && Search.Any(run => run.Results.Outcome == RunOutcome.Stuck);

    /// <summary>The highest rate of the search at which it did not fail; null if it failed at all.</summary>
    public double? HighestTolerated => Search.Where(run => !run.Results.Failed).Max(run => (double?)run.LearningRate);

    private static double? Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? null : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
