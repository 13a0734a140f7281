namespace TransformerClinic.Data;

/// <summary>
/// The negative log-likelihood of a model that only knows the frequencies of target tokens: <c>q(t) = (count(t) + 1) /
/// (N + V)</c> from the training set. A model that stays near it has learned nothing from the source: it fails to
/// train.
/// </summary>
internal static class UnigramNll
{
    /// <summary>Mean over the target tokens of a set, in nats.</summary>
    public static double Of(
        IReadOnlyList<ParallelExample> train,
        IReadOnlyList<ParallelExample> valid,
        int vocabulary
    ) => Of(Counts(Tokens(train), vocabulary), Tokens(valid));

    /// <summary>The same where the training set is counted already.</summary>
    /// <param name="train">How often each id occurs in the targets of the training set.</param>
    /// <param name="valid">The set.</param>
    public static double Of(long[] train, IReadOnlyList<ParallelExample> valid) => Of(train, Tokens(valid));

    /// <summary>
    /// The same for a model that also knows how long each target is: its end mark costs nothing, and every other token
    /// costs its frequency among tokens that are not end marks.
    /// </summary>
    public static double OfKnownLengths(
        IReadOnlyList<ParallelExample> train,
        IReadOnlyList<ParallelExample> valid,
        int vocabulary
    )
    {
        var words = Words(valid).Count();
        return Of(Counts(Words(train), vocabulary), Words(valid)) * words / (words + valid.Count);
    }

    private static double Of(long[] counts, IEnumerable<int> valid)
    {
        var total = Math.Log(counts.Sum() + counts.Length);
        return valid.Average(id => total - Math.Log(counts[id] + 1));
    }

    /// <summary>How often each id occurs.</summary>
    public static long[] Counts(IEnumerable<int> ids, int vocabulary)
    {
        var counts = new long[vocabulary];
        foreach (var id in ids)
        {
            counts[id]++;
        }

        return counts;
    }

    private static IEnumerable<int> Tokens(IEnumerable<ParallelExample> examples) =>
        examples.SelectMany(example => example.Target);

    private static IEnumerable<int> Words(IEnumerable<ParallelExample> examples) =>
        examples.SelectMany(example => example.Target.SkipLast(1));
}
