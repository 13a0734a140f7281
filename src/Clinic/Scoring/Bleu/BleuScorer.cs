using TransformerClinic.Common;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Bleu;

/// <summary>
/// BLEU = BP · exp( (ln p_1 + ... + ln p_4) / 4 ), where p_n = 100 · matches / n-grams over all sentences and
/// BP = min(1, exp(1 - r / c)) for c tokens of hypotheses and r of references (Papineni et al., 2002).
/// Tokens, smoothing and rounding follow sacreBLEU 2 (Post, 2018): equal input gives its numbers.
/// </summary>
internal static class BleuScorer
{
    /// <summary>The score of a corpus; line i of the references matches line i of the hypotheses.</summary>
    /// <exception cref="UserErrorException">There are no lines, or their numbers differ.</exception>
    public static BleuScore Corpus(
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<string> references,
        BleuOptions? options = null
    ) => Corpus(hypotheses, [references], options);

    /// <summary>The score of a corpus with several references, each as long as the corpus.</summary>
    /// <exception cref="UserErrorException">There are no lines, no references, or different numbers of
    /// lines.</exception>
    public static BleuScore Corpus(
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<IReadOnlyList<string>> references,
        BleuOptions? options = null
    )
    {
        options = OptionCheck.Valid(options ?? new BleuOptions(), "bleu");
        CorpusLines.Check(hypotheses, references);
        var statistics = new BleuStatistics();
        for (var line = 0; line < hypotheses.Count; line++)
        {
            statistics.Add(
                Tokens(hypotheses[line], options),
                [.. references.Select(reference => Tokens(reference[line], options))]
            );
        }

        return Score(statistics, options, references.Count);
    }

    /// <summary>
    /// The score of one sentence, always by effective order: orders that it is too short for are left out.
    /// </summary>
    public static BleuScore Sentence(
        string hypothesis,
        IReadOnlyList<string> references,
        BleuOptions? options = null
    ) =>
        Corpus(
            [hypothesis],
            [.. references.Select(reference => new[] { reference })],
            (options ?? new BleuOptions()) with
            {
                EffectiveOrder = true,
            }
        );

    /// <summary>A sentence's tokens by the given tokenization, white space at its ends ignored.</summary>
    public static string[] Tokenize(string sentence, BleuTokenization tokenization) =>
        tokenization switch
        {
            BleuTokenization.Mteval13a => Mteval13aTokenizer.Tokenize(sentence),
            BleuTokenization.International => InternationalTokenizer.Tokenize(sentence),
            BleuTokenization.Character => CharacterTokenizer.Tokenize(sentence),
            BleuTokenization.None => WhiteSpace.Split(sentence),
            _ => throw new ArgumentOutOfRangeException(nameof(tokenization), tokenization, null),
        };

    internal static string[] Tokens(string sentence, BleuOptions options) =>
        Tokenize(WhiteSpace.TrimEnd(options.LowerCase ? LowerCase.Of(sentence) : sentence), options.Tokenization);

    internal static BleuScore Score(BleuStatistics statistics, BleuOptions options, int references)
    {
        var (hypothesisLength, referenceLength) = (statistics.HypothesisLength, statistics.ReferenceLength);
        var brevityPenalty =
            hypothesisLength >= referenceLength ? 1
            : hypothesisLength > 0 ? Math.Exp(1 - ((double)referenceLength / hypothesisLength))
            : 0;
        var (precisions, orders) = BleuPrecisions.Of(statistics, options);
        var score = precisions.Take(orders).Contains(0)
            ? 0
            : brevityPenalty * Math.Exp(precisions.Take(orders).Sum(Math.Log) / orders);
        return new BleuScore(
            score,
            precisions,
            brevityPenalty,
            hypothesisLength,
            referenceLength,
            MetricSignature.Of(BleuSignature.Of(options), references),
            statistics.Matches,
            statistics.Totals
        );
    }
}
