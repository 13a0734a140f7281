using TransformerClinic.Common;
using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Scoring.TokenizedBleu;

/// <summary>The ids of special tokens; the defaults are those of fairseq's dictionary.</summary>
/// <param name="Padding">Fills batches; cut off at both ends.</param>
/// <param name="End">The end mark; cut off at the end.</param>
/// <param name="Unknown">The unknown word; never a match in a reference.</param>
public sealed record TokenizedBleuIds(int Padding = 1, int End = 2, int Unknown = 3);

/// <summary>
/// BLEU of text that is cut into tokens already, as fairseq's own scorer (libbleu, <c>fairseq-score</c>) has it: tokens
/// are what white space parts, an empty hypothesis counts one token, the unknown word in a reference matches nothing,
/// and a precision of zero makes the score zero. It compares only scores of the same tokenization, and never with
/// <see cref="BleuScorer"/>.
/// </summary>
public sealed class TokenizedBleuMetric(TokenizedBleuOptions? options = null) : IMetric
{
    private readonly TokenizedBleuOptions _options = options ?? new TokenizedBleuOptions();

    /// <inheritdoc/>
    public string Name => "fairseq-tokenised-BLEU";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public string Settings =>
        $"case:{(_options.LowerCase ? "lc" : "mixed")}|tok:fairseq-tokenised|plus1:{(_options.PlusOne ? "yes" : "no")}";

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

    /// <summary>The score with what it was made of.</summary>
    /// <exception cref="UserErrorException">There are no lines, or not equally many.</exception>
    public TokenizedBleuScore CorpusScore(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        ScoreOf(MetricScoring.Sum(this.CountLines(hypotheses, [references])));

    /// <summary>The score of counts, or of their sum, with what it was made of.</summary>
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
                $"fairseq-tokenised BLEU knows one reference, here are {references.Count}: give one, or take another "
                    + "score."
            );
}
