namespace TransformerClinic.Text;

/// <summary>How often each word of a text occurs, a word being a stretch of <see cref="WordSplitter"/>.</summary>
/// <param name="Words">The words with their counts.</param>
internal sealed record WordCounts(IReadOnlyDictionary<string, long> Words)
{
    private const int LinesPerReport = 10_000;

    /// <summary>Counts the words of lines.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="normalization">The Unicode form that it is brought to.</param>
    /// <param name="progress">Receives now and then how many lines are done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static WordCounts Of(
        IEnumerable<string> lines,
        Normalization normalization,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        var normalizer = new TextNormalizer(normalization);
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        var done = 0L;
        foreach (var line in lines)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var word in WordSplitter.Split(normalizer.Normalize(line)))
            {
                words[word] = words.GetValueOrDefault(word) + 1;
            }

            if (++done % LinesPerReport == 0)
            {
                progress?.Report(done);
            }
        }

        return new WordCounts(words);
    }
}
