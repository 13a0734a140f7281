using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Bleu;

/// <summary>A BLEU score with its components.</summary>
/// <param name="Score">The score from 0 to 100, not rounded.</param>
/// <param name="Precisions">Smoothed precisions of orders 1 to 4, from 0 to 100.</param>
/// <param name="BrevityPenalty">min(1, exp(1 - ReferenceLength / HypothesisLength)).</param>
/// <param name="HypothesisLength">Tokens of the hypotheses.</param>
/// <param name="ReferenceLength">Tokens of the references; with several, the one closest in length.</param>
/// <param name="Signature">What the score depends on, in sacreBLEU's notation; the version names this software.</param>
/// <param name="Matches">N-grams of orders 1 to 4 that occur in the reference, before smoothing.</param>
/// <param name="Totals">N-grams of orders 1 to 4 of the hypotheses, before smoothing.</param>
internal sealed record BleuScore(
    double Score,
    double[] Precisions,
    double BrevityPenalty,
    long HypothesisLength,
    long ReferenceLength,
    string Signature,
    long[] Matches,
    long[] Totals
)
{
    /// <summary>The score on one line, as sacreBLEU prints it.</summary>
    public override string ToString()
    {
        var precisions = string.Join('/', Precisions.Select(precision => FixedDecimals.Of(precision, 1)));
        var ratio = ReferenceLength > 0 ? (double)HypothesisLength / ReferenceLength : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"BLEU = {FixedDecimals.Of(Score, 2)} {precisions} (BP = {FixedDecimals.Of(BrevityPenalty, 3)} ratio = "
                + $"{FixedDecimals.Of(ratio, 3)} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})"
        );
    }
}
