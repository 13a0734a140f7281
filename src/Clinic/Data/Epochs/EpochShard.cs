namespace TransformerClinic.Data.Epochs;

/// <summary>
/// The examples of a shard as one epoch sees them, by row: each as often as its weight says, and with dropout of merges
/// in other pieces than in other epochs.
/// </summary>
internal sealed class EpochShard : IIdPairs
{
    private readonly IExamples _examples;
    private readonly int _first;
    private readonly int[]? _rows;
    private readonly EncodedShard? _encoded;

    /// <summary>A shard of an epoch.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="rules">How often examples occur, and in which pieces.</param>
    /// <param name="shard">Which shard.</param>
    /// <param name="seed">Decides both, with the epoch and the number of an example.</param>
    /// <param name="epoch">The epoch.</param>
    public EpochShard(IExamples examples, EpochRules rules, int shard, long seed, int epoch)
    {
        _examples = examples;
        (_first, Count) = examples.Shard(shard);
        if (rules.Weights is { } weights)
        {
            _rows = weights.Rows(examples, shard, seed, epoch);
            Count = _rows.Length;
        }

        _encoded = rules.Dropout?.Shard(examples, shard, seed, epoch);
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>How many rows a shard has, without the rest of it.</summary>
    public static int RowCount(IExamples examples, EpochRules rules, int shard, long seed, int epoch) =>
        rules.Weights?.RowCount(examples, shard, seed, epoch) ?? examples.Shard(shard).Count;

    /// <summary>The example that a row is.</summary>
    public int Example(int row) => _rows is null ? _first + row : _rows[row];

    /// <inheritdoc/>
    public int SourceLength(int pair) =>
        _encoded?.SourceLength(Example(pair) - _first) ?? _examples.SourceLength(Example(pair));

    /// <inheritdoc/>
    public int TargetLength(int pair) =>
        _encoded?.TargetLength(Example(pair) - _first) ?? _examples.TargetLength(Example(pair));

    /// <inheritdoc/>
    public void CopySource(int pair, Span<long> to)
    {
        if (_encoded is null)
        {
            _examples.CopySource(Example(pair), to);
        }
        else
        {
            _encoded.CopySource(Example(pair) - _first, to);
        }
    }

    /// <inheritdoc/>
    public void CopyTarget(int pair, Span<long> to)
    {
        if (_encoded is null)
        {
            _examples.CopyTarget(Example(pair), to);
        }
        else
        {
            _encoded.CopyTarget(Example(pair) - _first, to);
        }
    }
}
