namespace TransformerClinic.Data;

/// <summary>
/// Batches by token budget: as many examples of nearly the same length as fit, where a batch costs its rows times its
/// longest side, padding included, and never more than the budget (an example longer than the budget is a batch of its own).
/// </summary>
public sealed class TokenBatches
{
    private readonly IReadOnlyList<ParallelExample> _examples;
    private readonly int _tokensPerBatch;
    private readonly int _maxSentences;

    /// <summary>Batches of a set.</summary>
    /// <exception cref="ArgumentException">The set is empty.</exception>
    public TokenBatches(IReadOnlyList<ParallelExample> examples, int tokensPerBatch, int maxSentences = int.MaxValue)
    {
        if (examples.Count == 0)
        {
            throw new ArgumentException("There are no examples to make batches of.", nameof(examples));
        }

        (_examples, _tokensPerBatch, _maxSentences) = (examples, tokensPerBatch, maxSentences);
    }

    /// <summary>The examples of each batch, shortest first.</summary>
    public IReadOnlyList<int[]> InOrderOfLength() => Cut(Sorted([.. Enumerable.Range(0, _examples.Count)]));

    /// <summary>The examples of each batch of an epoch, in an order that depends on (seed, epoch) alone.</summary>
    /// <remarks>Examples of one length are shuffled before they are cut into batches, then the batches are.</remarks>
    public IReadOnlyList<int[]> Epoch(long seed, int epoch)
    {
        var batches = Cut(Sorted(CounterRandom.Permutation(_examples.Count, seed, "examples", epoch)));
        return [.. CounterRandom.Permutation(batches.Count, seed, "batches", epoch).Select(i => batches[i])];
    }

    /// <summary>The ids of a batch.</summary>
    public Batch Make(int[] examples) => new(_examples, examples);

    /// <summary>Stable: examples of the same lengths stay in the order they came in.</summary>
    private List<int> Sorted(int[] order) =>
        [.. order.OrderBy(i => Math.Max(_examples[i].Source.Length, _examples[i].Target.Length)).ThenBy(i => _examples[i].Source.Length)];

    private List<int[]> Cut(List<int> order)
    {
        var batches = new List<int[]>();
        var batch = new List<int>();
        var longest = 0;
        foreach (var i in order)
        {
            var side = Math.Max(longest, Math.Max(_examples[i].Source.Length, _examples[i].Target.Length));
            if (batch.Count > 0 && ((long)side * (batch.Count + 1) > _tokensPerBatch || batch.Count == _maxSentences))
            {
                batches.Add([.. batch]);
                batch.Clear();
                side = Math.Max(_examples[i].Source.Length, _examples[i].Target.Length);
            }

            batch.Add(i);
            longest = side;
        }

        batches.Add([.. batch]);
        return batches;
    }
}
