using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Stored;

/// <summary>
/// Writes a training set as shards of ids, whole or not at all: everything is in a temporary folder next to the target
/// until <see cref="Finish"/>, and gone without it. If all examples fit into one shard, they are in the order of
/// reading; otherwise a fixed pseudo-random function of an example's number decides its shard, so that each is a sample
/// of the whole.
/// </summary>
internal sealed class StoredSetWriter : IDisposable
{
    private readonly string _folder;
    private readonly string _temporary;
    private readonly int _vocabulary;
    private readonly PackedIds _packed;
    private readonly ShardWriter[] _shards;
    private readonly long[] _targetCounts;
    private readonly IncrementalHash _ids = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _examples;
    private long _sourceTokens;
    private long _targetTokens;

    /// <summary>Begins a set.</summary>
    /// <param name="folder">The target; its parent must exist. A stored set there is replaced at the end.</param>
    /// <param name="pairs">How many pairs were read: at least as many as will be added.</param>
    /// <param name="vocabulary">Size of the vocabulary: every id is below it.</param>
    /// <param name="pairsPerShard">How many examples a shard has, about.</param>
    /// <exception cref="UserErrorException">Something else is at the target, or there are too many pairs.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public StoredSetWriter(string folder, long pairs, int vocabulary, int pairsPerShard = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pairs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pairsPerShard);
        var shards = Math.Max(1, (pairs + pairsPerShard - 1) / pairsPerShard);
        if (shards > StoredManifest.MostShards)
        {
            throw new UserErrorException(
                FormattableString.Invariant($"The training set has {pairs:N0} pairs; a stored set has at most ")
                    + FormattableString.Invariant($"{(long)StoredManifest.MostShards * pairsPerShard:N0}.")
            );
        }

        (_folder, _vocabulary, _packed) = (folder, vocabulary, new PackedIds(vocabulary));
        _targetCounts = new long[vocabulary];
        _temporary = AtomicFolder.Begin(folder, StoredManifest.Contents);
        _shards = [.. Enumerable.Range(0, (int)shards).Select(i => new ShardWriter(_temporary, i, _packed))];
    }

    /// <summary>Adds the next example in the order of reading.</summary>
    /// <param name="source">The ids of its source, end mark included.</param>
    /// <param name="target">The ids of its target, the same.</param>
    /// <param name="corpus">Which file, or pair of files, of the set it is from, from 0.</param>
    /// <param name="line">Its line there, from 1.</param>
    /// <exception cref="ArgumentException">A side is empty, or an id is not one of the vocabulary.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(ReadOnlySpan<int> source, ReadOnlySpan<int> target, int corpus, long line)
    {
        Check(source);
        Check(target);
        ShardOf(_examples).Add(source, target, corpus, line, _examples);
        Hash(source);
        Hash(target);
        foreach (var id in target)
        {
            _targetCounts[id]++;
        }

        _examples = checked(_examples + 1);
        _sourceTokens += source.Length;
        _targetTokens += target.Length;
    }

    /// <summary>Completes the set and puts it in its place.</summary>
    /// <param name="ledger">The account of the files' lines.</param>
    /// <param name="hashes">SHA-256 of the files that it comes from, by the paths that were given.</param>
    /// <param name="subwords">The subword model.</param>
    /// <param name="origin">What decided the ids.</param>
    /// <exception cref="UserErrorException">No example was added, or something else has appeared there.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Finish(
        Ledger ledger,
        IReadOnlyDictionary<string, string> hashes,
        SubwordModel subwords,
        StoredOrigin origin
    )
    {
        if (_examples == 0)
        {
            throw new UserErrorException($"No pair of the {ledger.Set} set can be used. {ledger}");
        }

        var records = Array.ConvertAll(_shards, shard => shard.Finish());
        subwords.Save(Path.Combine(_temporary, StoredManifest.SubwordsFile));
        WriteTargetCounts(Path.Combine(_temporary, StoredManifest.TargetCountsFile));
        Json.Write(
            Path.Combine(_temporary, StoredManifest.FileName),
            new StoredManifest(
                StoredManifest.PresentVersion,
                _examples,
                _vocabulary,
                _packed.Width,
                _sourceTokens,
                _targetTokens,
                [.. records.Where(record => record.Examples > 0)],
                Convert.ToHexStringLower(_ids.GetHashAndReset()),
                ContentHash.OfFile(Path.Combine(_temporary, StoredManifest.TargetCountsFile)),
                ContentHash.OfFile(Path.Combine(_temporary, StoredManifest.SubwordsFile)),
                ledger,
                hashes,
                origin
            )
        );
        AtomicFolder.Commit(_folder, StoredManifest.Contents, _temporary);
    }

    /// <summary>Removes a set that was not finished.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }

        _ids.Dispose();
        FailedWrite.Remove(_temporary);
    }

    private ShardWriter ShardOf(int number) =>
        _shards[
            _shards.Length == 1
                ? 0
                : (int)Math.BigMul(CounterRandom.At(0, "shard", number), (ulong)_shards.Length, out _)
        ];

    private void Check(ReadOnlySpan<int> ids)
    {
        if (ids.Length == 0)
        {
            throw new ArgumentException("A side has no ids.", nameof(ids));
        }

        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _vocabulary, nameof(ids));
        }
    }

    private void Hash(ReadOnlySpan<int> ids)
    {
        if (BitConverter.IsLittleEndian)
        {
            _ids.AppendData(MemoryMarshal.AsBytes(ids));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var id in ids)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
            _ids.AppendData(bytes);
        }
    }

    private void WriteTargetCounts(string path)
    {
        var bytes = new byte[_targetCounts.Length * sizeof(long)];
        for (var i = 0; i < _targetCounts.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), _targetCounts[i]);
        }

        File.WriteAllBytes(path, bytes);
    }
}
