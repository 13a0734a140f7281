using TransformerClinic.Common;

namespace TransformerClinic.Data;

/// <summary>
/// Batches by token budget: as many examples of nearly the same length as fit, where a batch costs its rows times its
/// longest side, padding included, and never more than the budget (an example longer than the budget is a batch of its
/// own).
/// </summary>
internal sealed class TokenBatches
{
    private readonly IReadOnlyList<ParallelExample> _examples;
    private readonly int _tokensPerBatch;
    private readonly int _maxSentences;

    /// <summary>Batches of a set.</summary>
    /// <exception cref="ArgumentException">The set is empty, or a limit is not positive.</exception>
    public TokenBatches(IReadOnlyList<ParallelExample> examples, int tokensPerBatch, int maxSentences = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensPerBatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSentences);
        if (examples.Count == 0)
        {
            throw new ArgumentException("There are no examples to make batches of.", nameof(examples));
        }

        (_examples, _tokensPerBatch, _maxSentences) = (examples, tokensPerBatch, maxSentences);
    }

    /// <summary>The examples of each batch, shortest first.</summary>
    public IReadOnlyList<int[]> InOrderOfLength() => Cut(Sorted([.. Enumerable.Range(0, _examples.Count)]));

    /// <summary>The examples of each batch of an epoch, in an order that depends only on (seed, epoch).</summary>
    /// <remarks>Examples of one length are shuffled before they are cut into batches, then the batches are.</remarks>
    public IReadOnlyList<int[]> Epoch(long seed, int epoch)
    {
        var batches = Cut(Sorted(CounterRandom.Permutation(_examples.Count, seed, "examples", epoch)));
        return [.. CounterRandom.Permutation(batches.Count, seed, "batches", epoch).Select(i => batches[i])];
    }

    /// <summary>The ids of a batch.</summary>
    public Batch Make(int[] examples) => new(_examples, examples);

    /// <summary>
    /// By the longer side; among those whose target is as long, the source grows to that length, then the target
    /// shrinks from it: neighbors are alike in both lengths, which halves the padding. Stable: examples of the same
    /// lengths stay in the order they came in.
    /// </summary>
    private List<int> Sorted(int[] order) =>
        [
            .. order
                .OrderBy(LongerSide)
                .ThenBy(i => _examples[i].Source.Length)
                .ThenByDescending(i => _examples[i].Target.Length),
        ];

    private int LongerSide(int example) => Math.Max(_examples[example].Source.Length, _examples[example].Target.Length);

    private List<int[]> Cut(List<int> order)
    {
        var batches = new List<int[]>();
        var batch = new List<int>();
        foreach (var i in order)
        {
            // Sorted: the newest example is the longest of its batch.
            if (
                batch.Count > 0
                && ((long)LongerSide(i) * (batch.Count + 1) > _tokensPerBatch || batch.Count == _maxSentences)
            )
            {
                batches.Add([.. batch]);
                batch.Clear();
            }

            batch.Add(i);
        }

        batches.Add([.. batch]);
        return batches;
    }
}
