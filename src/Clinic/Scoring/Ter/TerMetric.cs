using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Ter;

/// <summary>
/// Translation edit rate: TER = 100 · edits / words of the reference, where an edit inserts, deletes or replaces a
/// word, or moves a run of words (Snover et al., 2006). Words are separated by white space. With several references,
/// the fewest edits and the mean of their lengths count. Which moves are tried follows Tercom as sacreBLEU 2 does
/// (<see cref="WordShifts"/>).
/// </summary>
public sealed class TerMetric(TerOptions? options = null) : IMetric
{
    private readonly TerOptions _options = options ?? new TerOptions();

    /// <inheritdoc/>
    public string Name => "TER";

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public string Settings => $"case:{(_options.CaseSensitive ? "mixed" : "lc")}|tok:tercom|norm:no|punct:yes|asian:no";

    /// <inheritdoc/>
    public IMetric ForSentences => this;

    /// <summary>Edits and words of the reference.</summary>
    public double[] Count(string hypothesis, IReadOnlyList<string> references)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var ours = Words(hypothesis, words);
        var theirs = references.Select(reference => Words(reference, words)).ToList();
        return
        [
            theirs.Min(reference => WordShifts.Edits(ours, reference)),
            theirs.Average(reference => reference.Length),
        ];
    }

    /// <summary>The rate; it is 100 if there are words but the reference has none, and 0 if both are empty.</summary>
    public double Score(double[] counts)
    {
        var (edits, length) = (counts[0], counts[1]);
        return length > 0 ? 100 * edits / length
            : edits > 0 ? 100
            : 0;
    }

    /// <summary>Words as numbers; equal words get equal numbers.</summary>
    private int[] Words(string sentence, Dictionary<string, int> words) =>
        [
            .. WhiteSpace
                .Split(_options.CaseSensitive ? sentence : LowerCase.Of(sentence))
                .Select(word =>
                {
                    words.TryAdd(word, words.Count);
                    return words[word];
                }),
        ];
}

/// <summary>The settings that TER depends on; the defaults are sacreBLEU's.</summary>
public sealed record TerOptions
{
    /// <summary>Whether upper and lower case differ.</summary>
    public bool CaseSensitive { get; init; }
}
