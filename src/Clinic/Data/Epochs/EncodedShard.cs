using System.Runtime.InteropServices;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Epochs;

/// <summary>The examples of one shard in pieces of their own, in memory.</summary>
internal sealed class EncodedShard : IIdPairs
{
    // Large enough that a list per chunk costs nothing, small enough for every thread to have work.
    private const int ExamplesPerChunk = 4096;

    private readonly PackedIds _packed;
    private readonly byte[][] _chunks;
    private readonly int[] _starts;
    private readonly int[] _sources;
    private readonly int[] _targets;

    /// <summary>Encodes a shard, with all threads.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="shard">Which shard.</param>
    /// <param name="vocabulary">Size of the vocabulary.</param>
    /// <param name="encode">The ids of an example; called by several threads.</param>
    public EncodedShard(IExamples examples, int shard, int vocabulary, Func<int, ParallelExample> encode)
    {
        var (first, count) = examples.Shard(shard);
        _packed = new PackedIds(vocabulary);
        (_starts, _sources, _targets) = (new int[count], new int[count], new int[count]);
        _chunks = new byte[(count + ExamplesPerChunk - 1) / ExamplesPerChunk][];
        try
        {
            Parallel.For(0, _chunks.Length, chunk => _chunks[chunk] = Chunk(chunk, first, encode));
        }
        catch (AggregateException exception) when (exception.InnerException is UserErrorException damage)
        {
            throw new UserErrorException(damage.Message, exception);
        }
    }

    /// <inheritdoc/>
    public int SourceLength(int pair) => _sources[pair];

    /// <inheritdoc/>
    public int TargetLength(int pair) => _targets[pair];

    /// <inheritdoc/>
    public void CopySource(int pair, Span<long> to) => Copy(pair, _starts[pair], to);

    /// <inheritdoc/>
    public void CopyTarget(int pair, Span<long> to) => Copy(pair, _starts[pair] + (_sources[pair] * _packed.Width), to);

    private void Copy(int pair, int start, Span<long> to) =>
        _packed.Unpack(_chunks[pair / ExamplesPerChunk].AsSpan(start), to);

    private byte[] Chunk(int chunk, int first, Func<int, ParallelExample> encode)
    {
        var ids = new List<int>();
        var end = Math.Min((chunk + 1) * ExamplesPerChunk, _starts.Length);
        for (var i = chunk * ExamplesPerChunk; i < end; i++)
        {
            var example = encode(first + i);
            _starts[i] = ids.Count * _packed.Width;
            (_sources[i], _targets[i]) = (example.Source.Length, example.Target.Length);
            ids.AddRange(example.Source);
            ids.AddRange(example.Target);
        }

        var bytes = new byte[ids.Count * _packed.Width];
        _packed.Pack(CollectionsMarshal.AsSpan(ids), bytes);
        return bytes;
    }
}
