using System.Security.Cryptography;

namespace TransformerClinic.Data.Stored;

/// <summary>
/// Writes the two files of a shard. They are open only while a buffer is written, so that a set may have more shards
/// than a process may have open files.
/// </summary>
internal sealed class ShardWriter(string folder, int file, PackedIds packed) : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly IncrementalHash _idsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _indexHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _ids = new();
    private readonly MemoryStream _index = new();
    private int _examples;
    private long _written;

    /// <summary>Adds an example.</summary>
    public void Add(ReadOnlySpan<int> source, ReadOnlySpan<int> target, int corpus, long line, int number)
    {
        Span<byte> entry = stackalloc byte[IndexEntry.Size];
        new IndexEntry(_written, source.Length, target.Length, line, corpus, number).Write(entry);
        _index.Write(entry);
        Append(source);
        Append(target);
        _examples++;
        if (_ids.Length >= BufferSize || _index.Length >= BufferSize)
        {
            Flush();
        }
    }

    /// <summary>Writes what is left.</summary>
    /// <returns>What the manifest says of the shard.</returns>
    public ShardRecord Finish()
    {
        Flush();
        return new ShardRecord(
            file,
            _examples,
            _written,
            Convert.ToHexStringLower(_idsHash.GetHashAndReset()),
            Convert.ToHexStringLower(_indexHash.GetHashAndReset())
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _idsHash.Dispose();
        _indexHash.Dispose();
        _ids.Dispose();
        _index.Dispose();
    }

    private void Append(ReadOnlySpan<int> ids)
    {
        var (start, length) = ((int)_ids.Length, ids.Length * packed.Width);
        _ids.SetLength(start + length);
        packed.Pack(ids, _ids.GetBuffer().AsSpan(start, length));
        _ids.Position = start + length;
        _written += ids.Length;
    }

    private void Flush()
    {
        Flush(_ids, _idsHash, StoredManifest.IdsFile(file));
        Flush(_index, _indexHash, StoredManifest.IndexFile(file));
    }

    private void Flush(MemoryStream buffer, IncrementalHash hash, string name)
    {
        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        if (bytes.Length > 0)
        {
            hash.AppendData(bytes);
            using var stream = new FileStream(Path.Combine(folder, name), FileMode.Append, FileAccess.Write);
            stream.Write(bytes);
            buffer.SetLength(0);
        }
    }
}
