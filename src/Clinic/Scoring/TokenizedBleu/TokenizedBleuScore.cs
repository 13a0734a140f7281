using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Scoring.TokenizedBleu;

/// <summary>A score of <see cref="TokenizedBleuMetric"/> with its components.</summary>
/// <param name="HypothesisLength">Tokens of the hypotheses.</param>
/// <param name="ReferenceLength">Tokens of the references.</param>
/// <param name="Matches">N-grams of orders 1 to 4 that occur in the reference.</param>
/// <param name="Totals">N-grams of orders 1 to 4 of the hypotheses.</param>
/// <param name="Signature">What the score depends on; the version names this software.</param>
internal sealed record TokenizedBleuScore(
    long HypothesisLength,
    long ReferenceLength,
    long[] Matches,
    long[] Totals,
    string Signature
)
{
    /// <summary>The score of orders 1 to 4, from 0 to 100.</summary>
    public double Score => Of(NgramCounts.MaxOrder);

    /// <summary>Precisions of orders 1 to 4, from 0 to 1; 0 if there is no n-gram.</summary>
    public double[] Precisions => [.. Matches.Zip(Totals, (matches, total) => total > 0 ? (double)matches / total : 0)];

    /// <summary><c>min(1, exp(1 - ReferenceLength / HypothesisLength))</c>; 1 if there are no tokens.</summary>
    public double BrevityPenalty =>
        HypothesisLength > 0 ? Math.Min(1, Math.Exp(1 - ((double)ReferenceLength / HypothesisLength))) : 1;

    /// <summary>
    /// The score of the orders up to a given one: <c>100 · BrevityPenalty · (p_1 · ... · p_order)^(1 / order)</c>.
    /// </summary>
    public double Of(int order) => 100 * BrevityPenalty * Math.Exp(Precisions.Take(order).Sum(Math.Log) / order);

    /// <summary>The score of the orders up to a given one on a line, as fairseq prints it.</summary>
    public string ToString(int order)
    {
        var precisions = string.Join(
            '/',
            Precisions.Take(order).Select(precision => FixedDecimals.Of(100 * precision, 1))
        );
        var ratio = ReferenceLength > 0 ? (double)HypothesisLength / ReferenceLength : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"BLEU{order} = {FixedDecimals.Of(Of(order), 2)}, {precisions} "
                + $"(BP={FixedDecimals.Of(BrevityPenalty, 3)}, ratio={FixedDecimals.Of(ratio, 3)}, "
                + $"syslen={HypothesisLength}, reflen={ReferenceLength})"
        );
    }

    /// <inheritdoc/>
    public override string ToString() => ToString(NgramCounts.MaxOrder);
}
