using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>The files of counted words of a text's parts, in one folder.</summary>
internal sealed class CountsFolder
{
    private readonly IReadOnlyList<string> _paths;

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
                .Select(i => Path.Combine(folder, PartCountsFile.NameOf(FilePart.Of(i, count)))),
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
        var check = new PartCheck(cancellation);
        foreach (var (i, path) in _paths.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var part = FilePart.Of(i, Parts);
            var counts = PartCountsFile.Read(path);
            if (check.WhyNot(counts, part, PartFile.Of(files, baseFolder, part), normalization) is { } reason)
            {
                throw new UserErrorException(
                    $"{path}: these counted words are not of this part of the training text: {reason}. Count this part "
                        + "again."
                );
            }

            yield return counts.Counts;
            progress.Report(i + 1);
        }
    }

    private static int DivisionOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name[(name.LastIndexOf('-') + 1)..], out var count) ? count : 0;
    }
}
