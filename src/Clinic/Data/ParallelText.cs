using TransformerClinic.Files;

namespace TransformerClinic.Data;

/// <summary>
/// Parallel text on disk: one tab-separated file (source, tab, target), or two files with one sentence a line, written
/// <c>source-file,target-file</c>.
/// </summary>
public sealed class ParallelText
{
    private ParallelText(IReadOnlyList<SentencePair> pairs, IReadOnlyDictionary<string, string> hashes)
    {
        (Pairs, Hashes) = (pairs, hashes);
    }

    /// <summary>The pairs, in the file's order.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>SHA-256 of each file, by its path as it was given.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>Reads a set.</summary>
    /// <param name="spec">One path, or two with a comma between them.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">A file is missing, empty, not UTF-8, or its lines are no pairs.</exception>
    public static ParallelText Read(string spec, string baseFolder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var files = new List<(string Path, IReadOnlyList<string> Lines)>();
        foreach (var name in Names(spec, baseFolder))
        {
            var path = FullPath(name, baseFolder);
            var bytes = TextLines.ReadBytes(path);
            hashes[name] = ContentHash.Of(bytes);
            files.Add((path, Lines(bytes, path)));
        }

        return new ParallelText(files is [var table] ? FromTable(table.Lines, table.Path) : FromTwo(files[0], files[1]), hashes);
    }

    /// <summary>The full paths of a set.</summary>
    /// <exception cref="UserErrorException">The specification is neither one path nor two.</exception>
    public static IReadOnlyList<string> Paths(string spec, string baseFolder) => [.. Names(spec, baseFolder).Select(name => FullPath(name, baseFolder))];

    private static string[] Names(string spec, string baseFolder)
    {
        // A file whose own name holds a comma is one file.
        if (!spec.Contains(',', StringComparison.Ordinal) || File.Exists(FullPath(spec, baseFolder)))
        {
            return [spec];
        }

        var parts = spec.Split(',', StringSplitOptions.TrimEntries);
        return parts is [{ Length: > 0 }, { Length: > 0 }]
            ? parts
            : throw new UserErrorException($"'{spec}': parallel text is one tab-separated file, or two files with a comma between them.");
    }

    private static string FullPath(string name, string baseFolder) => name.Contains('\0', StringComparison.Ordinal)
        ? throw new UserErrorException($"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}': a path cannot hold a NUL character.")
        : Path.GetFullPath(Path.Combine(baseFolder, name));

    private static IReadOnlyList<string> Lines(byte[] bytes, string path)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return TextLines.Read(stream, path) is { Count: > 0 } lines ? lines : throw new UserErrorException($"{path}: the file is empty.");
    }

    private static List<SentencePair> FromTable(IReadOnlyList<string> lines, string path)
    {
        var pairs = new List<SentencePair>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || tab != lines[i].LastIndexOf('\t'))
            {
                var found = tab < 0 ? "no tab" : FormattableString.Invariant($"{lines[i].Count(c => c == '\t')} tabs");
                throw new UserErrorException($"{path}, line {i + 1}: a line is a source sentence, one tab, and its translation; this one has {found}.");
            }

            pairs.Add(new SentencePair(lines[i][..tab], lines[i][(tab + 1)..]));
        }

        return pairs;
    }

    private static List<SentencePair> FromTwo((string Path, IReadOnlyList<string> Lines) source, (string Path, IReadOnlyList<string> Lines) target)
    {
        if (source.Lines.Count != target.Lines.Count)
        {
            throw new UserErrorException(
                $"{source.Path} has {source.Lines.Count} lines and {target.Path} has {target.Lines.Count}: line n of one must be the translation of line n of the other.");
        }

        return [.. source.Lines.Zip(target.Lines, (s, t) => new SentencePair(s, t))];
    }
}
