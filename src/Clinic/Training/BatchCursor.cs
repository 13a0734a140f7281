using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;

namespace TransformerClinic.Training;

/// <summary>
/// Walks through the training set epoch after epoch, in the order that (seed, epoch) decides, shard by shard: only the
/// batches of one shard are in memory. Its place is counted in examples, so that it can be found again.
/// </summary>
internal sealed class BatchCursor(TokenBatches batches, long seed)
{
    private readonly Dictionary<int, Batch> _prepared = [];
    private int[] _shards = batches.ShardsOf(seed, 0);
    private int _nextShard;
    private ShardBatches? _batches;
    private int _next;

    /// <summary>Epochs finished.</summary>
    public int Epoch { get; private set; }

    /// <summary>Examples of this epoch handed out; one that occurs twice counts twice.</summary>
    public long ExamplesSeen { get; private set; }

    /// <summary>The next batch; the epoch after the last one follows without a break.</summary>
    public Batch Next() => Advance()();

    /// <summary>Goes to the next batch, which is made when it is asked for.</summary>
    public Func<Batch> Advance()
    {
        while (_batches is null || _next == _batches.Count)
        {
            NextShard();
        }

        var (shard, place) = (_batches, _next++);
        ExamplesSeen += shard.Size(place);
        return _prepared.Remove(place, out var batch) ? () => batch : () => shard.Make(place);
    }

    /// <summary>
    /// Makes some of the batches that follow, as far as they are of the same shard, so that they are there when they
    /// are asked for.
    /// </summary>
    /// <param name="run">The first one, counted from the next, and the one after the last.</param>
    public void Prepare((int First, int End) run)
    {
        if (_batches is { } shard)
        {
            for (var place = _next + run.First; place < Math.Min(_next + run.End, shard.Count); place++)
            {
                _ = _prepared.TryAdd(place, shard.Make(place));
            }
        }
    }

    /// <summary>Goes to a place counted in examples; shards before it are not made.</summary>
    /// <exception cref="ArgumentException">
    /// No batch of that epoch begins there: the data or the token budget has changed.
    /// </exception>
    public void Seek(int epoch, long examplesSeen)
    {
        StartEpoch(epoch);
        while (_nextShard < _shards.Length && ExamplesSeen < examplesSeen)
        {
            var rows = batches.RowsOf(seed, epoch, _shards[_nextShard]);
            if (ExamplesSeen + rows > examplesSeen)
            {
                NextShard();
                SkipTo(examplesSeen);
                break;
            }

            ExamplesSeen += rows;
            _nextShard++;
        }

        if (ExamplesSeen != examplesSeen)
        {
            throw new ArgumentException(
                $"Epoch {epoch} has no batch that begins after {examplesSeen} examples.",
                nameof(examplesSeen)
            );
        }
    }

    private void SkipTo(long examplesSeen)
    {
        while (ExamplesSeen < examplesSeen)
        {
            ExamplesSeen += _batches!.Size(_next++);
        }
    }

    private void NextShard()
    {
        if (_nextShard == _shards.Length)
        {
            StartEpoch(Epoch + 1);
        }

        _prepared.Clear();
        (_batches, _next) = (null, 0); // before the next one is made: there is memory for one
        _batches = batches.Shard(seed, Epoch, _shards[_nextShard++]);
    }

    private void StartEpoch(int epoch)
    {
        _prepared.Clear();
        _shards = batches.ShardsOf(seed, epoch);
        (Epoch, ExamplesSeen, _nextShard, _batches, _next) = (epoch, 0, 0, null, 0);
    }
}
