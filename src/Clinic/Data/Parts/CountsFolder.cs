using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>The files of counted words of a text's parts, in one folder.</summary>
internal sealed class CountsFolder
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Dictionary<(string Path, long Begin, long End), string> _hashes = []; // of compressed files once

    private CountsFolder(IReadOnlyList<string> paths, int parts) => (_paths, Parts) = (paths, parts);

    /// <summary>How many parts there are, all of which are there.</summary>
    public int Parts { get; }

    /// <summary>The counts in a folder; null if there are none.</summary>
    /// <exception cref="UserErrorException">Parts are missing, or there are parts of several divisions.</exception>
    public static CountsFolder? In(string folder)
    {
        var found = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "part-*-of-*.counts").ToHashSet(StringComparer.Ordinal)
            : [];
        if (found.Count == 0)
        {
            return null;
        }

        List<int> divisions = [.. found.Select(DivisionOf).Distinct().Order()];
        if (divisions is not [var count] || count < 1)
        {
            throw new UserErrorException(
                $"{folder}: there are counted words of a text in {string.Join(" and in ", divisions)} parts. Remove "
                    + "those that do not belong to the training text."
            );
        }

        List<string> all =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => Path.Combine(folder, PartCountsFile.NameOf(TextPart.Of(i, count)))),
        ];
        List<int> missing = [.. all.Index().Where(part => !found.Contains(part.Item)).Select(part => part.Index)];
        return missing.Count == 0
            ? new CountsFolder(all, count)
            : throw new UserErrorException(
                $"{folder}: of {count} parts whose words are counted, {missing.Count} are missing (the first: "
                    + $"{missing[0]}/{count}). Count them, or remove the folder to count everything at once."
            );
    }

    /// <summary>The words of the whole text.</summary>
    /// <param name="files">The text's files.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="normalization">The Unicode form of the words.</param>
    /// <param name="progress">Receives how many parts are read.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">A file is damaged, or was counted in another text.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public WordCounts Sum(
        ParallelFiles files,
        string baseFolder,
        Normalization normalization,
        IProgress<double> progress,
        CancellationToken cancellation
    ) => WordCounts.Sum(Read(files, baseFolder, normalization, progress, cancellation));

    private IEnumerable<WordCounts> Read(
        ParallelFiles files,
        string baseFolder,
        Normalization normalization,
        IProgress<double> progress,
        CancellationToken cancellation
    )
    {
        foreach (var (i, path) in _paths.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var part = TextPart.Of(i, Parts);
            var counts = PartCountsFile.Read(path);
            if (counts.Part != part)
            {
                throw Refusal(path, $"they are of part {counts.Part}");
            }

            if (counts.Normalization != normalization)
            {
                throw Refusal(
                    path,
                    $"they are in the form {OptionKey.Format(counts.Normalization)}, and subwords.normalization is "
                        + OptionKey.Format(normalization)
                );
            }

            if (WhyNotOf(counts, PartFile.Of(files, baseFolder, part), cancellation) is { } reason)
            {
                throw Refusal(path, reason);
            }

            yield return counts.Counts;
            progress.Report(i + 1);
        }
    }

    /// <summary>Why words are not those of the text as it is now; null if they are.</summary>
    private string? WhyNotOf(PartCounts counts, IReadOnlyList<PartFile> files, CancellationToken cancellation) =>
        counts.Text.Count != files.Count
            ? $"they are of {counts.Text.Count} files, and the training text has {files.Count}"
            : counts
                .Text.Zip(files, (counted, now) => WhyNotOf(counted, now, cancellation))
                .OfType<string>()
                .FirstOrDefault();

    private string? WhyNotOf(CountedStretch counted, PartFile now, CancellationToken cancellation)
    {
        var asNow = (counted.Bytes, counted.Begin, counted.End, counted.EveryLine);
        if (asNow != (now.Bytes, now.Begin, now.End, now.EveryLine))
        {
            return $"they are of a file {counted.Name} with {counted.Bytes} bytes, and {now.Path} is another";
        }

        return HashOf(now, cancellation) == counted.Sha256 ? null : $"{now.Path} has changed since";
    }

    private string HashOf(PartFile now, CancellationToken cancellation)
    {
        var stretch = (now.Path, now.Begin, now.End);
        if (!_hashes.TryGetValue(stretch, out var hash))
        {
            using var file = TextLines.Open(now.Path, cancellation);
            using var hashed = new HashedStream(now.Stretch(file), progress: null, cancellation);
            _hashes[stretch] = hash = hashed.HashOfAll();
        }

        return hash;
    }

    private static int DivisionOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name[(name.LastIndexOf('-') + 1)..], out var count) ? count : 0;
    }

    private static UserErrorException Refusal(string path, string why) =>
        new($"{path}: these counted words are not of this part of the training text: {why}. Count this part again.");
}
