using System.Buffers.Binary;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Stored;

/// <summary>
/// A training set that <see cref="StoredSetWriter"/> wrote. One shard at a time is mapped into memory, so a walk from
/// shard to shard needs the memory of one; its hashes are checked when it is first used.
/// </summary>
internal sealed class StoredSet : ITrainingSet, IExamples, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private StoredManifest _manifest;
    private readonly int[] _starts;
    private readonly bool[] _checked;
    private StoredShard? _shard;
    private int _last = -1;
    private IndexEntry _entry;

    private StoredSet(string folder, StoredManifest manifest)
    {
        (_folder, _manifest, _checked) = (folder, manifest, new bool[manifest.Shards.Count]);
        _starts = new int[manifest.Shards.Count];
        for (var i = 1; i < _starts.Length; i++)
        {
            _starts[i] = _starts[i - 1] + manifest.Shards[i - 1].Examples;
        }
    }

    /// <summary>Where the text of examples can be read again; null where nowhere.</summary>
    public StoredTexts? Source { get; set; }

    /// <inheritdoc/>
    public IExamples All => this;

    /// <inheritdoc/>
    public Ledger Ledger => _manifest.Ledger;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Hashes => _manifest.Hashes;

    /// <summary>What decided the ids.</summary>
    public StoredOrigin Origin => _manifest.Origin;

    /// <inheritdoc/>
    public int Count => _manifest.Examples;

    /// <inheritdoc/>
    public int ShardCount => _starts.Length;

    /// <summary>Opens a set.</summary>
    /// <exception cref="UserErrorException">There is none, or it is damaged or of another version.</exception>
    public static StoredSet Open(string folder)
    {
        var path = Path.Combine(folder, StoredManifest.FileName);
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                $"{folder}: there is no stored training set here (no {Path.GetFileName(path)})."
            );
        }

        var manifest = Json.Read<StoredManifest>(path);
        if (manifest.Version != StoredManifest.PresentVersion)
        {
            throw new UserErrorException(
                $"{folder}: this training set was stored by another version of this program (format "
                    + $"{manifest.Version}, this one has {StoredManifest.PresentVersion}). Remove the folder and "
                    + "prepare the text again."
            );
        }

        Check(path, manifest);
        foreach (var shard in manifest.Shards)
        {
            var (ids, index) = (StoredManifest.IdsFile(shard.File), StoredManifest.IndexFile(shard.File));
            StoredDamage.CheckSize(Path.Combine(folder, ids), shard.Ids * manifest.BytesPerId);
            StoredDamage.CheckSize(Path.Combine(folder, index), (long)shard.Examples * IndexEntry.Size);
        }

        return new StoredSet(folder, manifest);
    }

    /// <inheritdoc/>
    public (int First, int Count) Shard(int shard) => (_starts[shard], _manifest.Shards[shard].Examples);

    /// <inheritdoc/>
    public int SourceLength(int pair) => Entry(pair).Source;

    /// <inheritdoc/>
    public int TargetLength(int pair) => Entry(pair).Target;

    /// <inheritdoc/>
    public int Number(int example) => Entry(example).Number;

    /// <inheritdoc/>
    public int Corpus(int example) => Entry(example).Corpus;

    /// <summary>Where an example is in the text: the number of its file from 0, and its line from 1.</summary>
    public (int Corpus, long Line) Place(int example) => (Entry(example).Corpus, Entry(example).Line);

    /// <inheritdoc/>
    public void CopySource(int pair, Span<long> to)
    {
        lock (_lock)
        {
            var entry = Entry(pair);
            _shard!.Copy(entry.Start, to[..entry.Source]);
        }
    }

    /// <inheritdoc/>
    public void CopyTarget(int pair, Span<long> to)
    {
        lock (_lock)
        {
            var entry = Entry(pair);
            _shard!.Copy(entry.Start + entry.Source, to[..entry.Target]);
        }
    }

    /// <inheritdoc/>
    public string HashOfIds() => _manifest.Ids;

    /// <inheritdoc/>
    public long[] TargetCounts(int vocabulary)
    {
        var path = Path.Combine(_folder, StoredManifest.TargetCountsFile);
        StoredDamage.CheckHash(path, _manifest.TargetCounts);
        StoredDamage.CheckSize(path, (long)vocabulary * sizeof(long));
        var bytes = File.ReadAllBytes(path);
        var counts = new long[vocabulary];
        for (var i = 0; i < vocabulary; i++)
        {
            counts[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * sizeof(long)));
        }

        return counts;
    }

    /// <summary>The subword model that the ids are of.</summary>
    /// <exception cref="UserErrorException">Its file is damaged.</exception>
    public SubwordModel Subwords()
    {
        var path = Path.Combine(_folder, StoredManifest.SubwordsFile);
        StoredDamage.CheckHash(path, _manifest.Subwords);
        return SubwordModel.Load(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SentencePair>? Texts(IReadOnlyList<int> examples) => Source?.Read(this, examples);

    /// <summary>
    /// Notes that the texts have other names or times than before, so that nobody needs to hash them again. A set that
    /// cannot be written to is left as it is.
    /// </summary>
    /// <param name="texts">The files as they are now.</param>
    /// <param name="hashes">Their hashes, by the paths that are given now.</param>
    public void Renew(IReadOnlyList<TextFile> texts, IReadOnlyDictionary<string, string> hashes)
    {
        if (!texts.SequenceEqual(Origin.Texts) || !hashes.SequenceEqual(Hashes))
        {
            _manifest = _manifest with { Hashes = hashes, Origin = Origin with { Texts = texts } };
            try
            {
                Json.Write(Path.Combine(_folder, StoredManifest.FileName), _manifest);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next start hashes them again.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _shard?.Dispose();
            (_shard, _last) = (null, -1);
        }
    }

    private static void Check(string path, StoredManifest manifest)
    {
        var shards = manifest.Shards;
        if (
            manifest.Vocabulary <= 0
            || manifest.BytesPerId != new PackedIds(manifest.Vocabulary).Width
            || shards.Count is 0 or > StoredManifest.MostShards
            || shards.Any(shard => shard.Examples <= 0 || shard.File < 0)
            || shards.Any(shard => shard.Ids <= 0 || shard.Ids > long.MaxValue / manifest.BytesPerId)
            || shards.Sum(shard => (long)shard.Examples) != manifest.Examples
        )
        {
            throw StoredDamage.Of(path, "its numbers do not agree");
        }
    }

    private IndexEntry Entry(int example)
    {
        lock (_lock)
        {
            if (example != _last)
            {
                var shard = ShardWith(example);
                _entry = shard.Entry(example - shard.First);
                _last = example;
            }

            return _entry;
        }
    }

    private StoredShard ShardWith(int example)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, Count);
        if (_shard is { } open && example >= open.First && example - open.First < open.Count)
        {
            return open;
        }

        var found = Array.BinarySearch(_starts, example);
        var number = found >= 0 ? found : ~found - 1;
        var record = _manifest.Shards[number];
        _shard?.Dispose();
        (_shard, _last) = (null, -1);
        if (!_checked[number])
        {
            StoredDamage.CheckHash(Path.Combine(_folder, StoredManifest.IdsFile(record.File)), record.IdsHash);
            StoredDamage.CheckHash(Path.Combine(_folder, StoredManifest.IndexFile(record.File)), record.IndexHash);
            _checked[number] = true;
        }

        return _shard = new StoredShard(_folder, record, _manifest.Vocabulary, _starts[number]);
    }
}
