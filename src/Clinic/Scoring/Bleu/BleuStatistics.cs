namespace TransformerClinic.Scoring.Bleu;

/// <summary>The counts that BLEU is computed from; those of a corpus are the sums over its sentences.</summary>
internal sealed class BleuStatistics
{
    public long HypothesisLength { get; private set; }

    public long ReferenceLength { get; private set; }

    /// <summary>Matches of orders 1 to 4.</summary>
    public long[] Matches { get; } = new long[NgramCounts.MaxOrder];

    /// <summary>N-grams of the hypotheses of orders 1 to 4.</summary>
    public long[] Totals { get; } = new long[NgramCounts.MaxOrder];

    /// <summary>The statistics from the counts of <see cref="ToCounts"/>.</summary>
    public static BleuStatistics Of(double[] counts)
    {
        var statistics = new BleuStatistics { HypothesisLength = (long)counts[0], ReferenceLength = (long)counts[1] };
        for (var order = 0; order < NgramCounts.MaxOrder; order++)
        {
            statistics.Matches[order] = (long)counts[2 + order];
            statistics.Totals[order] = (long)counts[2 + NgramCounts.MaxOrder + order];
        }

        return statistics;
    }

    /// <summary>Both lengths, then matches, then totals.</summary>
    public double[] ToCounts() =>
        [HypothesisLength, ReferenceLength, .. Matches.Concat(Totals).Select(count => (double)count)];

    /// <summary>Adds a sentence, given as tokens, with its references.</summary>
    public void Add(string[] hypothesis, IReadOnlyList<string[]> references)
    {
        var counts = NgramCounts.Of(hypothesis);
        var reference = NgramCounts.Greatest(references.Select(tokens => NgramCounts.Of(tokens)));
        HypothesisLength += hypothesis.Length;
        ReferenceLength += NearestLength(hypothesis.Length, references);
        for (var order = 1; order <= NgramCounts.MaxOrder; order++)
        {
            Matches[order - 1] += counts.Matches(order, reference);
            Totals[order - 1] += counts.Total(order);
        }
    }

    /// <summary>Of two equally close lengths, the shorter.</summary>
    private static int NearestLength(int length, IReadOnlyList<string[]> references) =>
        references
            .Select(reference => reference.Length)
            .OrderBy(candidate => Math.Abs(candidate - length))
            .ThenBy(candidate => candidate)
            .First();
}
