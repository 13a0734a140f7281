using TransformerClinic.Common;

namespace TransformerClinic.Data;

/// <summary>
/// The files of one set of parallel text: one of pairs (source, tab, target), or the source's and the target's with one
/// sentence per line; or several such corpora, one after the other; none for a set that does not exist. Two are equal
/// if they name the same paths with the same weights in the same order.
/// </summary>
public sealed record ParallelFiles
{
    private readonly bool _guessed;

    /// <summary>A way to read a string as two files.</summary>
    private sealed record Way(IReadOnlyList<string> Paths, bool OfOneKind);

    /// <summary>One file of pairs.</summary>
    public ParallelFiles(string pairs)
        : this(One([pairs]), guessed: false) { }

    /// <summary>Two files, line n of one the translation of line n of the other.</summary>
    public ParallelFiles(string source, string target)
        : this(One([source, target]), guessed: false) { }

    /// <summary>Several corpora, which are read one after the other.</summary>
    public ParallelFiles(IReadOnlyList<ParallelCorpus> corpora)
        : this(corpora, guessed: false) { }

    private ParallelFiles(IReadOnlyList<ParallelCorpus> corpora, bool guessed) =>
        (Corpora, Paths, _guessed) = (corpora, [.. corpora.SelectMany(corpus => corpus.Paths)], guessed);

    /// <summary>No files: the set does not exist.</summary>
    public static ParallelFiles None { get; } = new([], guessed: false);

    /// <summary>The corpora, in the order in which they are read; none for a set that does not exist.</summary>
    public IReadOnlyList<ParallelCorpus> Corpora { get; }

    /// <summary>The files of all corpora, in the order in which they are named.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Whether the set does not exist.</summary>
    public bool IsNone => Paths.Count == 0;

    /// <summary>The files of a list, as full paths.</summary>
    /// <param name="paths">None, one or two.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">There are more than two, or one is not a path.</exception>
    public static ParallelFiles Of(IReadOnlyList<string> paths, string folder) =>
        paths.Count > 2
            ? throw new UserErrorException(
                $"{paths.Count} files are listed; a set is one file of pairs, or the source's file and the target's. "
                    + "Several such corpora are a list of entries with files:, as in [{files: a.tsv}, {files: b.tsv}]."
            )
        : paths.Any(string.IsNullOrWhiteSpace) ? throw new UserErrorException("a path in the list is empty.")
        : new(One([.. paths.Select(path => Full(path, folder))]), guessed: false);

    /// <summary>
    /// What a user has written in one string, as full paths: one file, or two with a comma between them. Since a comma
    /// may belong to a path, what is on the disk decides: the file of the whole name, then the comma between two files,
    /// then between a file and a missing one, then between two names in folders that are there. Where that says
    /// nothing, names of one kind, both full or both relative, are two files, and the rest is one.
    /// </summary>
    /// <param name="text">The string; white space names no file.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">It holds what no path can.</exception>
    public static ParallelFiles Parse(string text, string folder)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }

        var whole = Full(text, folder);
        List<Way> ways = [.. Ways(text, folder)];
        return ways.Count == 0 || File.Exists(whole) ? new(whole)
            : ways.FirstOrDefault(way => way.Paths.All(File.Exists)) is { } there
                ? new(One(there.Paths), guessed: false)
            : Only(ways, way => way.Paths.Any(File.Exists)) is { } half ? new(One(half.Paths), guessed: false)
            : Only(ways, way => way.Paths.All(IsFolderThere)) is { } inFolders
                ? new(One(inFolders.Paths), guessed: true)
            : !IsFolderThere(whole) && Only(ways, way => way.OfOneKind) is { } alike
                ? new(One(alike.Paths), guessed: true)
            : new(One([whole]), guessed: true);
    }

    /// <summary>The full paths of the files.</summary>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">One holds what no path can.</exception>
    public IReadOnlyList<string> FullPaths(string folder) => [.. Paths.Select(path => Full(path, folder))];

    /// <summary>
    /// Which files do not exist, and how to write their names if a comma was misunderstood; null if all exist.
    /// </summary>
    /// <param name="folder">Where relative paths start.</param>
    public string? Missing(string folder)
    {
        var missing = FullPaths(folder).Where(path => !Path.Exists(path)).ToList();
        const string Remedy =
            " A path that holds a comma is written in a list: [\"one, two.tsv\"], or [source-file, target-file].";
        return missing switch
        {
            [] => null,
            [var only] => $"there is no file {only}.{(_guessed ? Remedy : "")}",
            [var source, var target] => $"there is neither a file {source} nor {target}.{(_guessed ? Remedy : "")}",
            _ => $"there is no file {string.Join(", nor ", missing)}.",
        };
    }

    /// <summary>Refuses relative paths where nothing says which folder they start from.</summary>
    /// <param name="what">What the files are for, for the message.</param>
    /// <exception cref="UserErrorException">A path is relative.</exception>
    public void RequireFullPaths(string what)
    {
        if (Paths.FirstOrDefault(path => !Path.IsPathFullyQualified(path)) is { } relative)
        {
            throw new UserErrorException(
                $"{what}: {relative} is a relative path, and nothing says which folder it starts from. "
                    + "Give the full path; a recipe that is read from a file has full paths."
            );
        }
    }

    /// <inheritdoc/>
    public bool Equals(ParallelFiles? other) => other is not null && Corpora.SequenceEqual(other.Corpora);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Corpora.Aggregate(0, (hash, corpus) => HashCode.Combine(hash, corpus.GetHashCode()));

    /// <summary>The paths for people.</summary>
    public override string ToString() => string.Join("; ", Corpora);

    private static ParallelCorpus[] One(IReadOnlyList<string> paths) =>
        paths.Count == 0 ? [] : [new ParallelCorpus(paths)];

    private static IEnumerable<Way> Ways(string text, string folder) =>
        from i in Enumerable.Range(0, text.Length)
        where text[i] == ','
        let source = text[..i].Trim()
        let target = text[(i + 1)..].Trim()
        where source.Length > 0 && target.Length > 0
        select new Way(
            [Full(source, folder), Full(target, folder)],
            Path.IsPathRooted(source) == Path.IsPathRooted(target)
        );

    private static Way? Only(List<Way> ways, Func<Way, bool> holds) =>
        ways.Where(holds).Take(2).ToList() is [var only] ? only : null;

    private static bool IsFolderThere(string path) => Directory.Exists(Path.GetDirectoryName(path));

    private static string Full(string path, string folder) =>
        path.Contains('\0', StringComparison.Ordinal)
            ? throw new UserErrorException(
                $"'{path.Replace("\0", "\\0", StringComparison.Ordinal)}': a path cannot hold a NUL character."
            )
            : Path.GetFullPath(Path.Combine(folder, path));
}
