using TransformerClinic.Common;

namespace TransformerClinic.Data;

/// <summary>
/// Parallel text in memory: one tab-separated file (source, tab, target), two files with one sentence per line, or a
/// file that translators exchange (TMX, XLIFF); or several of these, one after the other.
/// </summary>
internal sealed class ParallelText
{
    private ParallelText(List<ReadPair> placed, PairPass pass)
    {
        (Placed, Account, Languages) = (placed, pass.Account, pass.Languages);
        Pairs = [.. placed.Select(read => read.Pair)];
    }

    /// <summary>The pairs, in the order in which they were read.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>The same with their places.</summary>
    public IReadOnlyList<ReadPair> Placed { get; }

    /// <summary>What is known of the files.</summary>
    public SetAccount Account { get; }

    /// <summary>SHA-256 of each file, by its path as it was given.</summary>
    public IReadOnlyDictionary<string, string> Hashes => Account.Hashes;

    /// <summary>
    /// What of the files did not become a pair, and what pairs lost, such as tags. Nothing is, where a line is a pair.
    /// </summary>
    public Ledger Reading => Account.Readings is [var only] ? only : Ledger.Sum("", Account.Readings);

    /// <summary>The languages of the pairs; null of files that do not name any.</summary>
    public (string Source, string Target)? Languages { get; }

    /// <summary>The line of the file where a pair is, from 1.</summary>
    public int LineOf(int pair) => Placed[pair].Line;

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
        var pass = new PairSource(files, baseFolder, languages).Read(progress, cancellation);
        return new ParallelText([.. pass.Pairs()], pass);
    }
}
