using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Bleu;

/// <summary><see cref="BleuScorer"/> as one metric among others.</summary>
public sealed class BleuMetric(BleuOptions? options = null) : IMetric
{
    private readonly BleuOptions _options = OptionCheck.Valid(options ?? new BleuOptions(), "bleu");

    /// <inheritdoc/>
    public string Name => "BLEU";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public string Settings => BleuSignature.Of(_options);

    /// <inheritdoc/>
    public IMetric ForSentences => new BleuMetric(_options with { EffectiveOrder = true });

    /// <inheritdoc/>
    public double[] Count(string hypothesis, IReadOnlyList<string> references)
    {
        var statistics = new BleuStatistics();
        statistics.Add(
            BleuScorer.Tokens(hypothesis, _options),
            [.. references.Select(reference => BleuScorer.Tokens(reference, _options))]
        );
        return statistics.ToCounts();
    }

    /// <summary>The score with its components.</summary>
    /// <exception cref="UserErrorException">There are no lines, no references, or different numbers of
    /// lines.</exception>
    internal BleuScore CorpusScore(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references) =>
        BleuScorer.Corpus(hypotheses, references, _options);

    /// <inheritdoc/>
    public double Score(double[] counts) => BleuScorer.Score(BleuStatistics.Of(counts), _options, 1).Score;
}
