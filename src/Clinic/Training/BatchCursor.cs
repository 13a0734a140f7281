using TransformerClinic.Data;

namespace TransformerClinic.Training;

/// <summary>
/// Walks through the training set epoch after epoch, in the order that (seed, epoch) decides. Its place is counted in
/// examples, so that it can be found again.
/// </summary>
internal sealed class BatchCursor(TokenBatches batches, long seed)
{
    private IReadOnlyList<int[]> _epochBatches = batches.Epoch(seed, 0);
    private int _next;

    /// <summary>Epochs finished.</summary>
    public int Epoch { get; private set; }

    /// <summary>Examples of this epoch handed out.</summary>
    public int ExamplesSeen { get; private set; }

    /// <summary>The next batch; the epoch after the last one follows without a break.</summary>
    public Batch Next() => Advance()();

    /// <summary>Goes to the next batch, which is made when it is asked for.</summary>
    public Func<Batch> Advance()
    {
        if (_next == _epochBatches.Count)
        {
            StartEpoch(Epoch + 1);
        }

        var examples = _epochBatches[_next++];
        ExamplesSeen += examples.Length;
        return () => batches.Make(examples);
    }

    /// <summary>Goes to a place counted in examples.</summary>
    /// <exception cref="ArgumentException">
    /// No batch of that epoch begins there: the data or the token budget has changed.
    /// </exception>
    public void Seek(int epoch, int examplesSeen)
    {
        StartEpoch(epoch);
        while (ExamplesSeen < examplesSeen && _next < _epochBatches.Count)
        {
            ExamplesSeen += _epochBatches[_next++].Length;
        }

        if (ExamplesSeen != examplesSeen)
        {
            throw new ArgumentException(
                $"Epoch {epoch} has no batch that begins after {examplesSeen} examples.",
                nameof(examplesSeen)
            );
        }
    }

    private void StartEpoch(int epoch)
    {
        _epochBatches = batches.Epoch(seed, epoch);
        (Epoch, ExamplesSeen, _next) = (epoch, 0, 0);
    }
}
