using TransformerClinic.Common;
using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Scoring.TokenizedBleu;

/// <summary>The ids of special tokens; the defaults are those of fairseq's dictionary.</summary>
/// <param name="Padding">Fills batches; cut off at both ends.</param>
/// <param name="End">The end mark; cut off at the end.</param>
/// <param name="Unknown">The unknown word; never a match in a reference.</param>
internal sealed record TokenizedBleuIds(int Padding = 1, int End = 2, int Unknown = 3);

/// <summary>
/// BLEU of text that is already split into tokens, as fairseq's own scorer (libbleu, <c>fairseq-score</c>) computes it:
/// tokens are separated by white space, an empty hypothesis counts one token, the unknown word in a reference matches
/// nothing, and a precision of zero makes the score zero. It is comparable only with scores of the same tokenization,
/// and never with <see cref="BleuScorer"/>.
/// </summary>
internal sealed class TokenizedBleuMetric(TokenizedBleuOptions? options = null) : IMetric
{
    private readonly TokenizedBleuOptions _options = options ?? new TokenizedBleuOptions();

    /// <inheritdoc/>
    public string Name => "fairseq-tokenized-BLEU";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public string Settings =>
        $"case:{(_options.LowerCase ? "lc" : "mixed")}|tok:fairseq-tokenized|plus1:{(_options.PlusOne ? "yes" : "no")}";

    /// <inheritdoc/>
    public IMetric ForSentences => new TokenizedBleuMetric(_options with { PlusOne = true });

    /// <inheritdoc/>
    public double[] Count(string hypothesis, IReadOnlyList<string> references) =>
        Count(
            TokenizedSentence.OfWords(hypothesis, _options.LowerCase),
            TokenizedSentence.OfWords(OnlyOne(references), _options.LowerCase)
        );

    /// <summary>The counts of a sentence of token ids.</summary>
    /// <exception cref="UserErrorException">A sentence has no id, not even its end mark.</exception>
    public static double[] CountIds(
        IReadOnlyList<int> hypothesis,
        IReadOnlyList<int> reference,
        TokenizedBleuIds special
    ) => Count(TokenizedSentence.OfIds(hypothesis, special), TokenizedSentence.OfIds(reference, special));

    /// <inheritdoc/>
    public double Score(double[] counts) => ScoreOf(counts).Of(NgramCounts.MaxOrder);

    /// <summary>The score with its components.</summary>
    /// <exception cref="UserErrorException">There are no lines, or their numbers differ.</exception>
    public TokenizedBleuScore CorpusScore(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        ScoreOf(MetricScoring.Sum(this.CountLines(hypotheses, [references])));

    /// <summary>The score of counts, or of their sum, with its components.</summary>
    public TokenizedBleuScore ScoreOf(double[] counts)
    {
        var statistics = BleuStatistics.Of(counts);
        for (var order = 1; order < NgramCounts.MaxOrder && _options.PlusOne; order++)
        {
            statistics.Matches[order]++;
            statistics.Totals[order]++;
        }

        return new TokenizedBleuScore(
            statistics.HypothesisLength,
            statistics.ReferenceLength,
            statistics.Matches,
            statistics.Totals,
            MetricSignature.Of(Settings, 1)
        );
    }

    private static double[] Count(string[] hypothesis, string[] reference)
    {
        var statistics = new BleuStatistics();
        statistics.Add(hypothesis, [TokenizedSentence.AsReference(reference)]);
        return statistics.ToCounts();
    }

    private static string OnlyOne(IReadOnlyList<string> references) =>
        references is [var one]
            ? one
            : throw new UserErrorException(
                $"fairseq-tokenized BLEU takes one reference, but there are {references.Count}: give one, or choose "
                    + "another score."
            );
}

/// <summary>
/// The settings of <see cref="TokenizedBleuMetric"/>; the defaults are those of fairseq's <c>fairseq-score</c>.
/// </summary>
internal sealed record TokenizedBleuOptions
{
    /// <summary>Whether upper and lower case are the same (<c>--ignore-case</c>).</summary>
    public bool LowerCase { get; init; }

    /// <summary>
    /// Whether matches and totals of orders 2 to 4 start at 1 (<c>--sentence-bleu</c>): for single sentences, which
    /// often lack long matches.
    /// </summary>
    public bool PlusOne { get; init; }
}
