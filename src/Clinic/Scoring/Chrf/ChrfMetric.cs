using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Chrf;

/// <summary>
/// chrF = 100 · (1 + β²) · P · R / (β² · P + R), where P and R are precision and recall of n-grams of characters,
/// averaged over the orders 1 to 6; with words of orders 1 and 2 as well it is chrF++ (Popović, 2015 and 2017). With
/// several references, the one that gives the sentence its best score counts. Rules as in sacreBLEU 2: equal input
/// gives its numbers.
/// </summary>
public sealed class ChrfMetric(ChrfOptions? options = null) : IMetric
{
    private const double Epsilon = 1e-16;

    private readonly ChrfOptions _options = OptionCheck.Valid(options ?? new ChrfOptions(), "chrf");

    /// <inheritdoc/>
    public string Name =>
        string.Create(CultureInfo.InvariantCulture, $"chrF{_options.Beta}{new string('+', _options.WordOrder)}");

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public string Settings =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"case:{(_options.LowerCase ? "lc" : "mixed")}|eff:{(_options.EpsilonSmoothing ? "no" : "yes")}"
                + $"|nc:{_options.CharacterOrder}|nw:{_options.WordOrder}|space:{(_options.WhiteSpace ? "yes" : "no")}"
        );

    /// <inheritdoc/>
    public IMetric ForSentences => this;

    /// <summary>
    /// N-grams of the hypothesis, of the reference, and of both, for each order of characters and then of words.
    /// </summary>
    public double[] Count(string hypothesis, IReadOnlyList<string> references)
    {
        var ngrams = NgramsOf(hypothesis);
        return references.Select(reference => Count(ngrams, NgramsOf(reference))).MaxBy(Score)!;
    }

    /// <inheritdoc/>
    public double Score(double[] counts) => _options.EpsilonSmoothing ? MeanOfScores(counts) : ScoreOfMeans(counts);

    private static double[] Count(NgramCounts[] hypothesis, NgramCounts[] reference)
    {
        var counts = new List<double>();
        foreach (var (ours, theirs) in hypothesis.Zip(reference))
        {
            for (var order = 1; order <= ours.Orders; order++)
            {
                var total = theirs.Total(order);
                // An order that the reference has no n-grams of does not count against the hypothesis.
                counts.AddRange([total > 0 ? ours.Total(order) : 0, total, ours.Matches(order, theirs)]);
            }
        }

        return [.. counts];
    }

    private NgramCounts[] NgramsOf(string sentence)
    {
        var text = _options.LowerCase ? LowerCase.Of(sentence) : sentence;
        var characters = _options.WhiteSpace
            ? [.. text.EnumerateRunes().Select(rune => rune.ToString())]
            : CharacterTokenizer.Tokenize(text);
        return
        [
            NgramCounts.Of(characters, _options.CharacterOrder, separator: ""),
            NgramCounts.Of(ChrfWords.Of(text), _options.WordOrder),
        ];
    }

    private double ScoreOfMeans(double[] counts)
    {
        var (precision, recall, orders) = (0.0, 0.0, 0);
        foreach (var (ours, theirs, both) in Orders(counts).Where(order => order is { Ours: > 0, Theirs: > 0 }))
        {
            precision += both / ours;
            recall += both / theirs;
            orders++;
        }

        return precision + recall > 0 ? 100 * FScore(precision / orders, recall / orders) : 0;
    }

    private double MeanOfScores(double[] counts) =>
        100
        * Orders(counts)
            .Average(order =>
                FScore(
                    order.Ours > 0 ? order.Both / order.Ours : Epsilon,
                    order.Theirs > 0 ? order.Both / order.Theirs : Epsilon
                )
            );

    private double FScore(double precision, double recall)
    {
        double weight = _options.Beta * _options.Beta;
        var denominator = (weight * precision) + recall;
        return denominator > 0 ? (1 + weight) * precision * recall / denominator : Epsilon;
    }

    private static IEnumerable<(double Ours, double Theirs, double Both)> Orders(double[] counts) =>
        counts.Chunk(3).Select(order => (order[0], order[1], order[2]));
}
