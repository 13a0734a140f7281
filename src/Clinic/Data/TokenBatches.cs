using TransformerClinic.Common;
using TransformerClinic.Data.Epochs;

namespace TransformerClinic.Data;

/// <summary>
/// Batches by token budget: as many examples of nearly the same length as fit, where a batch costs its rows times its
/// longest side, padding included, and never more than the budget (an example longer than the budget is a batch of its
/// own).
/// </summary>
/// <remarks>
/// An epoch walks from shard to shard in an order that depends only on (seed, epoch), and makes batches of one shard at
/// a time, so that it needs the memory of one.
/// </remarks>
internal sealed class TokenBatches
{
    private readonly IExamples _examples;
    private readonly int _tokensPerBatch;
    private readonly int _maxSentences;
    private readonly EpochRules _rules;

    /// <summary>Batches of a set.</summary>
    /// <exception cref="ArgumentException">The set is empty, or a limit is not positive.</exception>
    public TokenBatches(
        IExamples examples,
        int tokensPerBatch,
        int maxSentences = int.MaxValue,
        EpochRules? rules = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensPerBatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSentences);
        if (examples.Count == 0)
        {
            throw new ArgumentException("There are no examples to make batches of.", nameof(examples));
        }

        (_examples, _tokensPerBatch, _maxSentences) = (examples, tokensPerBatch, maxSentences);
        _rules = rules ?? EpochRules.None;
    }

    /// <summary>Batches of a set in memory.</summary>
    /// <exception cref="ArgumentException">The set is empty, or a limit is not positive.</exception>
    public TokenBatches(IReadOnlyList<ParallelExample> examples, int tokensPerBatch, int maxSentences = int.MaxValue)
        : this(new HeldExamples(examples), tokensPerBatch, maxSentences) { }

    /// <summary>The examples of each batch, shortest first.</summary>
    public IReadOnlyList<int[]> InOrderOfLength()
    {
        int[] order = [.. Enumerable.Range(0, _examples.Count)];
        LengthOrder.Sort(_examples, order);
        var ends = Ends(_examples, order);
        return [.. ends.Select((end, i) => order[(i == 0 ? 0 : ends[i - 1])..end])];
    }

    /// <summary>The examples of each batch of an epoch, in an order that depends only on (seed, epoch).</summary>
    public IReadOnlyList<int[]> Epoch(long seed, int epoch) =>
        [
            .. ShardsOf(seed, epoch)
                .Select(shard => Shard(seed, epoch, shard))
                .SelectMany(batches => Enumerable.Range(0, batches.Count).Select(batches.Examples)),
        ];

    /// <summary>The order of shards in an epoch.</summary>
    public int[] ShardsOf(long seed, int epoch) =>
        CounterRandom.Permutation(_examples.ShardCount, seed, "shards", epoch);

    /// <summary>The batches of a shard in an epoch.</summary>
    /// <remarks>Examples of one length are shuffled before they are cut into batches, then the batches are.</remarks>
    public ShardBatches Shard(long seed, int epoch, int shard)
    {
        var rows = new EpochShard(_examples, _rules, shard, seed, epoch);

        // Of the first shard, the keys of a set that has only one.
        var position = ((long)shard << 32) | (uint)epoch;
        var order = CounterRandom.Permutation(rows.Count, seed, "examples", position);
        LengthOrder.Sort(rows, order);
        var ends = Ends(rows, order);
        return new ShardBatches(rows, order, ends, CounterRandom.Permutation(ends.Length, seed, "batches", position));
    }

    /// <summary>How many rows the batches of a shard have in an epoch, without making them.</summary>
    public int RowsOf(long seed, int epoch, int shard) => EpochShard.RowCount(_examples, _rules, shard, seed, epoch);

    /// <summary>The ids of a batch of these examples, as they are in the set.</summary>
    public Batch Make(int[] examples) => new(_examples, examples, examples);

    /// <summary>Cuts sorted pairs into batches: where each ends.</summary>
    private int[] Ends(IIdPairs pairs, int[] order)
    {
        var ends = new List<int>();
        var start = 0;
        for (var i = 0; i < order.Length; i++)
        {
            // Sorted: the newest example is the longest of its batch.
            var longest = (long)Math.Max(pairs.SourceLength(order[i]), pairs.TargetLength(order[i]));
            if (i > start && (longest * (i - start + 1) > _tokensPerBatch || i - start == _maxSentences))
            {
                ends.Add(i);
                start = i;
            }
        }

        if (order.Length > 0)
        {
            ends.Add(order.Length);
        }

        return [.. ends];
    }
}
