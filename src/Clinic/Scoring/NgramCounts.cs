namespace TransformerClinic.Scoring;

/// <summary>
/// How often each n-gram of orders 1 to 4, or up to another order, occurs in a sentence; with several references, the
/// most in any one.
/// </summary>
internal sealed class NgramCounts
{
    public const int MaxOrder = 4;

    private readonly Dictionary<string, int>[] _counts;

    private NgramCounts(int orders) =>
        _counts = [.. Enumerable.Range(0, orders).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];

    /// <summary>The highest order that is counted.</summary>
    public int Orders => _counts.Length;

    /// <summary>
    /// The counts of one sentence. Tokens contain no separator, or are characters, so a joined n-gram is unambiguous.
    /// </summary>
    public static NgramCounts Of(string[] tokens, int orders = MaxOrder, string separator = " ")
    {
        var counts = new NgramCounts(orders);
        for (var order = 1; order <= orders; order++)
        {
            for (var start = 0; start + order <= tokens.Length; start++)
            {
                counts.Increment(order, string.Join(separator, tokens, start, order));
            }
        }

        return counts;
    }

    /// <summary>For each n-gram of orders 1 to 4 the largest of its counts in several sentences.</summary>
    public static NgramCounts Greatest(IEnumerable<NgramCounts> sentences)
    {
        var greatest = new NgramCounts(MaxOrder);
        foreach (var sentence in sentences)
        {
            for (var order = 0; order < MaxOrder; order++)
            {
                foreach (var (ngram, count) in sentence._counts[order])
                {
                    greatest._counts[order][ngram] = Math.Max(count, greatest._counts[order].GetValueOrDefault(ngram));
                }
            }
        }

        return greatest;
    }

    /// <summary>N-grams of an order, each counted as often as it occurs.</summary>
    public int Total(int order) => _counts[order - 1].Values.Sum();

    /// <summary>N-grams of an order that occur in the reference, each counted at most as often as there.</summary>
    public int Matches(int order, NgramCounts reference) =>
        _counts[order - 1]
            .Sum(entry => Math.Min(entry.Value, reference._counts[order - 1].GetValueOrDefault(entry.Key)));

    private void Increment(int order, string ngram) =>
        _counts[order - 1][ngram] = _counts[order - 1].GetValueOrDefault(ngram) + 1;
}
