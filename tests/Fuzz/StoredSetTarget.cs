using TransformerClinic.Data;
using TransformerClinic.Data.Stored;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of stored training sets, given a manifest or the two files of a shard (whose hashes the manifest then
/// has): whatever they hold, every example is read or refused.
/// </summary>
internal sealed class StoredSetTarget : FileTarget
{
    private const int Vocabulary = 400;
    private readonly bool _isShard;
    private readonly StoredManifest _manifest;
    private readonly byte[] _ids;
    private readonly byte[] _index;

    /// <summary>A target.</summary>
    /// <param name="isShard">Whether the inputs are shards: a file of ids and, behind it, its index.</param>
    public StoredSetTarget(bool isShard)
        : base(isShard ? "stored-shard" : "stored-manifest", isShard ? "shard" : StoredManifest.FileName)
    {
        _isShard = isShard;
        Write(Folder);
        _manifest = Json.Read<StoredManifest>(PathOf(StoredManifest.FileName));
        _ids = File.ReadAllBytes(PathOf(StoredManifest.IdsFile(0)));
        _index = File.ReadAllBytes(PathOf(StoredManifest.IndexFile(0)));
        Seeds = [isShard ? [.. _ids, .. _index] : File.ReadAllBytes(PathOf(StoredManifest.FileName))];
    }

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _isShard ? ByteMutator.Mutate(input, other, random) : base.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        if (_isShard)
        {
            WriteShard(input);
        }

        using var set = StoredSet.Open(Folder);
        var read = 0L;
        var ids = new long[1 << 15];
        for (var example = 0; example < Math.Min(set.Count, 100); example++)
        {
            var (source, target) = (set.SourceLength(example), set.TargetLength(example));
            Require(source + target <= ids.Length, "an example is longer than its file");
            set.CopySource(example, ids);
            set.CopyTarget(example, ids);
            read += source + target;
        }

        if (!_isShard)
        {
            set.TargetCounts(Vocabulary);
            set.Subwords();
        }

        return $"{Math.Min(set.Count, 3)} examples, {Math.Min(read, 3)} ids, {set.ShardCount} shards";
    }

    /// <summary>As many whole entries as fit go to the index, the rest are ids.</summary>
    private void WriteShard(byte[] input)
    {
        var examples = Math.Max(1, Math.Min(_index.Length, input.Length) / IndexEntry.Size);
        var ids = (input.Length - (examples * IndexEntry.Size)) / sizeof(ushort) * sizeof(ushort);
        if (ids <= 0)
        {
            (ids, examples, input) = (_ids.Length, _manifest.Examples, [.. _ids, .. _index]);
        }

        var (idsPath, indexPath) = (PathOf(StoredManifest.IdsFile(0)), PathOf(StoredManifest.IndexFile(0)));
        File.WriteAllBytes(idsPath, input[..ids]);
        File.WriteAllBytes(indexPath, input[ids..(ids + (examples * IndexEntry.Size))]);
        Json.Write(
            PathOf(StoredManifest.FileName),
            _manifest with
            {
                Examples = examples,
                Shards =
                [
                    new ShardRecord(
                        0,
                        examples,
                        ids / sizeof(ushort),
                        ContentHash.OfFile(idsPath),
                        ContentHash.OfFile(indexPath)
                    ),
                ],
            }
        );
    }

    private string PathOf(string file) => Path.Combine(Folder, file);

    private static void Write(string folder)
    {
        var set = Path.Combine(folder, "set");
        using (var writer = new StoredSetWriter(set, pairs: 3, Vocabulary))
        {
            writer.Add([5, 6, 2], [7, 2], corpus: 0, line: 1);
            writer.Add([8, 2], [9, 10, 11, 2], corpus: 0, line: 2);
            writer.Add([399, 2], [2], corpus: 1, line: 1);
            writer.Finish(
                new Ledger("train", 3, 3, []),
                new Dictionary<string, string> { ["train.tsv"] = new('a', 64) },
                SubwordModel.Learn(["ein Haus", "zwei"], new SubwordOptions { Merges = 2 }),
                new StoredOrigin(new Dictionary<string, string> { ["merges"] = "2" }, [])
            );
        }

        foreach (var file in Directory.EnumerateFiles(set))
        {
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Delete(set);
    }
}
