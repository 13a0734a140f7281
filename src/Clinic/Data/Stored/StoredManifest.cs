using TransformerClinic.Files;

namespace TransformerClinic.Data.Stored;

/// <summary>What <c>manifest.json</c> of a stored set says (docs/corpus.md).</summary>
/// <param name="Version">Of the format.</param>
/// <param name="Examples">Number of examples, of all shards.</param>
/// <param name="Vocabulary">Size of the vocabulary: every id is below it.</param>
/// <param name="BytesPerId">Two or four.</param>
/// <param name="SourceTokens">Ids of all sources, end marks included.</param>
/// <param name="TargetTokens">Ids of all targets, end marks included.</param>
/// <param name="Shards">The shards, in the order of the examples' numbers.</param>
/// <param name="Ids">SHA-256 of all ids in the order of reading, each as four bytes.</param>
/// <param name="TargetCounts">SHA-256 of the file of the target's counts.</param>
/// <param name="Subwords">SHA-256 of the file of the subword model.</param>
/// <param name="Ledger">The account of the files' lines.</param>
/// <param name="Hashes">SHA-256 of the files that it comes from, by the paths that were given.</param>
/// <param name="Origin">What decided the ids.</param>
internal sealed record StoredManifest(
    int Version,
    int Examples,
    int Vocabulary,
    int BytesPerId,
    long SourceTokens,
    long TargetTokens,
    IReadOnlyList<ShardRecord> Shards,
    string Ids,
    string TargetCounts,
    string Subwords,
    Ledger Ledger,
    IReadOnlyDictionary<string, string> Hashes,
    StoredOrigin Origin
)
{
    /// <summary>The present version of the format.</summary>
    public const int PresentVersion = 1;

    /// <summary>The manifest's file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The file of the subword model.</summary>
    public const string SubwordsFile = "subwords.json";

    /// <summary>The file of how often each id occurs in the targets.</summary>
    public const string TargetCountsFile = "target-counts";

    // At the usual size of a shard these are as many examples as can be numbered.
    internal const int MostShards = 2048;

    /// <summary>The files of such a folder.</summary>
    public static FolderContents Contents { get; } =
        new(
            "a stored training set",
            [
                FileName,
                SubwordsFile,
                TargetCountsFile,
                .. Enumerable.Range(0, MostShards).SelectMany(shard => new[] { IdsFile(shard), IndexFile(shard) }),
            ],
            [FileName]
        );

    /// <summary>The file of a shard's ids.</summary>
    public static string IdsFile(int file) => FormattableString.Invariant($"{file:D5}.ids");

    /// <summary>The file of a shard's index.</summary>
    public static string IndexFile(int file) => FormattableString.Invariant($"{file:D5}.index");
}

/// <summary>One shard, in two files.</summary>
/// <param name="File">The number in their names.</param>
/// <param name="Examples">Number of examples.</param>
/// <param name="Ids">Number of ids.</param>
/// <param name="IdsHash">SHA-256 of the file of ids.</param>
/// <param name="IndexHash">SHA-256 of the index.</param>
internal sealed record ShardRecord(int File, int Examples, long Ids, string IdsHash, string IndexHash);

/// <summary>What decided the ids of a stored set.</summary>
/// <param name="Options">Options and what else, by name, as text.</param>
/// <param name="Texts">The files, in the order of reading.</param>
internal sealed record StoredOrigin(IReadOnlyDictionary<string, string> Options, IReadOnlyList<TextFile> Texts);

/// <summary>A file of text as it was when it was read.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was last written, in ticks of UTC.</param>
/// <param name="Sha256">The hash of its bytes.</param>
internal sealed record TextFile(string Path, long Bytes, long Modified, string Sha256)
{
    /// <summary>A file as it is now, without its hash.</summary>
    public static TextFile Now(string path)
    {
        var file = new FileInfo(path);
        return new TextFile(path, file.Exists ? file.Length : -1, file.LastWriteTimeUtc.Ticks, "");
    }

    /// <summary>Whether size and time say that a file has not been written to since.</summary>
    public bool IsAsBefore(TextFile now) => (Path, Bytes, Modified) == (now.Path, now.Bytes, now.Modified);
}
