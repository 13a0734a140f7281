namespace TransformerClinic.Data.Epochs;

/// <summary>The batches that one epoch makes of one shard, in its order. Only these are in memory.</summary>
internal sealed class ShardBatches
{
    private readonly EpochShard _shard;
    private readonly int[] _rows;
    private readonly int[] _ends;
    private readonly int[] _order;

    /// <summary>Batches of rows.</summary>
    /// <param name="shard">The rows.</param>
    /// <param name="rows">All of them, sorted.</param>
    /// <param name="ends">The batches are stretches of the sorted rows; where each ends.</param>
    /// <param name="order">The order in which batches come.</param>
    public ShardBatches(EpochShard shard, int[] rows, int[] ends, int[] order) =>
        (_shard, _rows, _ends, _order) = (shard, rows, ends, order);

    /// <summary>Number of batches.</summary>
    public int Count => _order.Length;

    /// <summary>Rows of a batch.</summary>
    public int Size(int batch) => Rows(batch).Length;

    /// <summary>The examples of a batch.</summary>
    public int[] Examples(int batch)
    {
        var rows = Rows(batch);
        var examples = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            examples[i] = _shard.Example(rows[i]);
        }

        return examples;
    }

    /// <summary>The ids of a batch.</summary>
    public Batch Make(int batch) => new(_shard, Rows(batch), Examples(batch));

    private ReadOnlySpan<int> Rows(int batch)
    {
        var place = _order[batch];
        var start = place == 0 ? 0 : _ends[place - 1];
        return _rows.AsSpan(start, _ends[place] - start);
    }
}
