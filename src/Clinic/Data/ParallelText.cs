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

    /// <summary>SHA-256 of each file, by its name.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>Reads a set.</summary>
    /// <param name="spec">One path, or two with a comma between them.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">A file is missing, empty, not UTF-8, or its lines are no pairs.</exception>
    public static ParallelText Read(string spec, string baseFolder)
    {
        var paths = Paths(spec, baseFolder);
        var files = paths.Select(TextLines.Read).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Count == 0)
            {
                throw new UserErrorException($"{paths[i]}: the file is empty.");
            }
        }

        var pairs = files.Count == 1 ? FromTable(files[0], paths[0]) : FromTwo(files[0], files[1], paths[0], paths[1]);
        return new ParallelText(pairs, paths.ToDictionary(path => Path.GetFileName(path)!, ContentHash.OfFile, StringComparer.Ordinal));
    }

    /// <summary>The full paths of a set.</summary>
    public static IReadOnlyList<string> Paths(string spec, string baseFolder)
    {
        var whole = Path.GetFullPath(spec, baseFolder);
        if (File.Exists(whole) || !spec.Contains(',', StringComparison.Ordinal))
        {
            return [whole];
        }

        var parts = spec.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            ? [.. parts.Select(part => Path.GetFullPath(part, baseFolder))]
            : throw new UserErrorException($"'{spec}': parallel text is one tab-separated file, or two files with a comma between them.");
    }

    private static List<SentencePair> FromTable(IReadOnlyList<string> lines, string path)
    {
        var pairs = new List<SentencePair>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || tab != lines[i].LastIndexOf('\t'))
            {
                var found = lines[i].Count(c => c == '\t');
                throw new UserErrorException($"{path}, line {i + 1}: a line is a source sentence, one tab, and its translation; this one has {found} tabs.");
            }

            pairs.Add(new SentencePair(lines[i][..tab], lines[i][(tab + 1)..]));
        }

        return pairs;
    }

    private static List<SentencePair> FromTwo(IReadOnlyList<string> source, IReadOnlyList<string> target, string sourcePath, string targetPath)
    {
        if (source.Count != target.Count)
        {
            throw new UserErrorException(
                $"{sourcePath} has {source.Count} lines and {targetPath} has {target.Count}: line n of one must be the translation of line n of the other.");
        }

        return [.. source.Zip(target, (s, t) => new SentencePair(s, t))];
    }
}
