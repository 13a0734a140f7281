using System.IO.MemoryMappedFiles;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Stored;

/// <summary>
/// The files of one shard, mapped into memory. What is read is checked, so that whatever the files hold, nothing
/// outside of them is read, and no id is one that the vocabulary does not have.
/// </summary>
internal sealed class StoredShard : IDisposable
{
    private readonly string _idsPath;
    private readonly string _indexPath;
    private readonly int _vocabulary;
    private readonly PackedIds _packed;
    private readonly ShardRecord _record;
    private readonly MemoryMappedFile _idsFile;
    private readonly MemoryMappedFile _indexFile;
    private readonly MemoryMappedViewAccessor _ids;
    private readonly MemoryMappedViewAccessor _index;
    private byte[] _buffer = new byte[1024];

    /// <summary>Maps a shard.</summary>
    /// <exception cref="UserErrorException">A file is missing or has another size than was written.</exception>
    public StoredShard(string folder, ShardRecord record, int vocabulary, int first)
    {
        (_record, _vocabulary, _packed, First) = (record, vocabulary, new PackedIds(vocabulary), first);
        _idsPath = Path.Combine(folder, StoredManifest.IdsFile(record.File));
        _indexPath = Path.Combine(folder, StoredManifest.IndexFile(record.File));
        (_idsFile, _ids) = Map(_idsPath, record.Ids * _packed.Width);
        try
        {
            (_indexFile, _index) = Map(_indexPath, (long)record.Examples * IndexEntry.Size);
        }
        catch
        {
            _ids.Dispose();
            _idsFile.Dispose();
            throw;
        }
    }

    /// <summary>The number of its first example.</summary>
    public int First { get; }

    /// <summary>Number of examples.</summary>
    public int Count => _record.Examples;

    /// <summary>The index entry of an example, by its place in the shard.</summary>
    /// <exception cref="UserErrorException">It is not one that was written.</exception>
    public IndexEntry Entry(int place)
    {
        Span<byte> bytes = stackalloc byte[IndexEntry.Size];
        _index.SafeMemoryMappedViewHandle.ReadSpan((ulong)place * IndexEntry.Size, bytes);
        var entry = IndexEntry.Read(bytes);
        return
            entry.Source > 0
            && entry.Target > 0
            && entry.Start >= 0
            && entry.Start <= _record.Ids - ((long)entry.Source + entry.Target)
            && entry.Corpus >= 0
            && entry.Number >= 0
            ? entry
            : throw StoredDamage.Of(_indexPath, $"entry {place} says what cannot be");
    }

    /// <summary>Copies ids.</summary>
    /// <param name="start">The place of the first one.</param>
    /// <param name="to">Receives them.</param>
    /// <exception cref="UserErrorException">One is not an id of the vocabulary.</exception>
    public void Copy(long start, Span<long> to)
    {
        var length = to.Length * _packed.Width;
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }

        var bytes = _buffer.AsSpan(0, length);
        _ids.SafeMemoryMappedViewHandle.ReadSpan((ulong)(start * _packed.Width), bytes);
        _packed.Unpack(bytes, to);
        foreach (var id in to)
        {
            if ((ulong)id >= (ulong)_vocabulary)
            {
                throw StoredDamage.Of(_idsPath, $"id {id} is not one of the vocabulary");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ids.Dispose();
        _index.Dispose();
        _idsFile.Dispose();
        _indexFile.Dispose();
    }

    private static (MemoryMappedFile File, MemoryMappedViewAccessor View) Map(string path, long size)
    {
        StoredDamage.CheckSize(path, size);
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        return (file, file.CreateViewAccessor(0, size, MemoryMappedFileAccess.Read));
    }
}
