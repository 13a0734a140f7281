using TransformerClinic.Common;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Files;

namespace TransformerClinic.Data;

/// <summary>
/// Parallel text on disk: one tab-separated file (source, tab, target), two files with one sentence per line, or a file
/// that translators exchange (TMX, XLIFF).
/// </summary>
internal sealed class ParallelText
{
    private const int LinesPerReport = 10_000;

    private readonly IReadOnlyList<int>? _lines;

    private ParallelText(IReadOnlyList<SentencePair> pairs, IReadOnlyDictionary<string, string> hashes) =>
        (Pairs, Hashes, Reading) = (pairs, hashes, new Ledger("", pairs.Count, pairs.Count, []));

    private ParallelText(ExchangePairs read, IReadOnlyDictionary<string, string> hashes) =>
        (Pairs, Hashes, Reading, Languages, _lines) = (read.Pairs, hashes, read.Ledger, read.Languages, read.Lines);

    /// <summary>The pairs, in the file's order.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>SHA-256 of each file, by its path as it was given.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>
    /// What of the file did not become a pair, and what pairs lost, such as tags. Nothing is, where a line is a pair.
    /// </summary>
    public Ledger Reading { get; }

    /// <summary>The languages of the pairs; null of files that do not name any.</summary>
    public (string Source, string Target)? Languages { get; }

    /// <summary>The line of the file where a pair is, from 1.</summary>
    public int LineOf(int pair) => _lines is null ? pair + 1 : _lines[pair];

    /// <summary>Reads a set.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="languages">
    /// Which languages to take of a file that has several; null if nobody named them. Files of text do not need it.
    /// </param>
    /// <param name="progress">Receives now and then how many bytes of the set are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="UserErrorException">
    /// There are no files; or one is missing, empty, damaged, not UTF-8, has no pairs of these languages, or its lines
    /// are not pairs.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ParallelText Read(
        ParallelFiles files,
        string baseFolder,
        LanguagePair? languages = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default
    )
    {
        if ((files.IsNone ? "no file is named." : files.Missing(baseFolder)) is { } problem)
        {
            throw new UserErrorException($"Sentence pairs: {problem}");
        }

        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var read = new List<(string Path, IReadOnlyList<string> Lines)>();
        var before = 0L;
        foreach (var (name, path) in files.Paths.Zip(files.FullPaths(baseFolder)))
        {
            using var file = OpenOnce(path, cancellation);
            if (ExchangeFile.IsOne(file, path, isWholeSet: files.Paths.Count == 1))
            {
                return files.Paths.Count == 1
                    ? Exchange(file, path, name, languages, progress, cancellation)
                    : throw new UserErrorException(
                        $"{path}: this file has both languages, so that a second one has no place: name only it."
                    );
            }

            var bytes = file is MemoryStream held ? held.ToArray() : TextLines.ReadBytes(path, cancellation);
            hashes[name] = ContentHash.Of(bytes);
            read.Add(
                (
                    path,
                    Lines(
                        bytes,
                        path,
                        position =>
                        {
                            cancellation.ThrowIfCancellationRequested();
                            progress?.Report(before + position);
                        }
                    )
                )
            );
            before += bytes.Length;
        }

        return new ParallelText(
            read is [var table] ? FromTable(table.Lines, table.Path) : FromTwo(read[0], read[1]),
            hashes
        );
    }

    /// <summary>A file whose beginning can be looked at first; what can be read only once is held in memory.</summary>
    private static Stream OpenOnce(string path, CancellationToken cancellation) =>
        FileKinds.Of(path) == FileKind.Special
            ? new MemoryStream(TextLines.ReadBytes(path, cancellation), writable: false)
            : TextLines.Open(path, cancellation);

    private static ParallelText Exchange(
        Stream file,
        string path,
        string name,
        LanguagePair? languages,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        using var hashed = new HashedStream(file, progress, cancellation);
        var pairs = ExchangeFile.Read(hashed, path, languages ?? LanguagePair.Unnamed);
        return new ParallelText(
            pairs,
            new SortedDictionary<string, string>(StringComparer.Ordinal) { [name] = hashed.HashOfAll() }
        );
    }

    private static List<string> Lines(byte[] bytes, string path, Action<long> report)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        var lines = new List<string>();
        foreach (var line in TextLines.Enumerate(stream, path))
        {
            lines.Add(line);
            if (lines.Count % LinesPerReport == 0)
            {
                report(stream.Position);
            }
        }

        report(bytes.Length);
        return lines.Count > 0 ? lines : throw new UserErrorException($"{path}: the file is empty.");
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
                throw new UserErrorException(
                    $"{path}, line {i + 1}: a line is a source sentence, one tab, and its translation; this one has "
                        + $"{found}."
                );
            }

            pairs.Add(new SentencePair(lines[i][..tab], lines[i][(tab + 1)..]));
        }

        return pairs;
    }

    private static List<SentencePair> FromTwo(
        (string Path, IReadOnlyList<string> Lines) source,
        (string Path, IReadOnlyList<string> Lines) target
    )
    {
        if (source.Lines.Count != target.Lines.Count)
        {
            throw new UserErrorException(
                $"{source.Path} has {source.Lines.Count} lines and {target.Path} has {target.Lines.Count}: line n of "
                    + "one must be the translation of line n of the other."
            );
        }

        return [.. source.Lines.Zip(target.Lines, (s, t) => new SentencePair(s, t))];
    }
}

/// <summary>A sentence and its translation, as they are in the file.</summary>
internal sealed record SentencePair(string Source, string Target);
