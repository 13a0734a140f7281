namespace TransformerClinic.Data;

/// <summary>
/// One of the corpora that make up a set: a file of pairs (source, tab, target; or TMX, XLIFF), or the source's file
/// and the target's. Two are equal if they name the same paths in the same order with the same weight.
/// </summary>
public sealed record ParallelCorpus
{
    /// <summary>The largest weight.</summary>
    internal const double MostWeight = 1000;

    /// <summary>A corpus.</summary>
    /// <param name="paths">The file of pairs, or the source's file and the target's.</param>
    /// <param name="weight">How often its pairs are in an epoch of training; above 0, at most 1000.</param>
    /// <exception cref="ArgumentException">There are no files, or more than two.</exception>
    public ParallelCorpus(IReadOnlyList<string> paths, double weight = 1)
    {
        if (paths.Count is < 1 or > 2)
        {
            throw new ArgumentException($"A corpus is one file or two, not {paths.Count}.", nameof(paths));
        }

        (Paths, Weight) = (paths, weight);
    }

    /// <summary>The file of pairs, or the source's file and the target's.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>
    /// How often its pairs are in an epoch of training: 1 has each once, 2.5 each twice and half of them once more. It
    /// decides nothing in a set that is not trained on.
    /// </summary>
    public double Weight { get; }

    /// <summary>Whether the weight can be used.</summary>
    internal bool IsWeightAllowed => Weight is > 0 and <= MostWeight;

    /// <inheritdoc/>
    public bool Equals(ParallelCorpus? other) =>
        other is not null && Weight.Equals(other.Weight) && Paths.SequenceEqual(other.Paths, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Paths.Aggregate(
            Weight.GetHashCode(),
            (hash, path) => HashCode.Combine(hash, path.GetHashCode(StringComparison.Ordinal))
        );

    /// <summary>The paths for people.</summary>
    public override string ToString() => string.Join(" and ", Paths);
}
