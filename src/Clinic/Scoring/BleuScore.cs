using System.Globalization;

namespace TransformerClinic.Scoring;

/// <summary>A BLEU score with what it was made of.</summary>
/// <param name="Score">The score from 0 to 100, not rounded.</param>
/// <param name="Precisions">Smoothed precisions of orders 1 to 4, from 0 to 100.</param>
/// <param name="BrevityPenalty">min(1, exp(1 - ReferenceLength / HypothesisLength)).</param>
/// <param name="HypothesisLength">Tokens of the hypotheses.</param>
/// <param name="ReferenceLength">Tokens of the references; of several, the one nearest in length.</param>
/// <param name="Signature">What the score depends on, in sacreBLEU's notation; the version names this software.</param>
/// <param name="Matches">N-grams of orders 1 to 4 that occur in the reference, before smoothing.</param>
/// <param name="Totals">N-grams of orders 1 to 4 of the hypotheses, before smoothing.</param>
public sealed record BleuScore(
    double Score,
    double[] Precisions,
    double BrevityPenalty,
    long HypothesisLength,
    long ReferenceLength,
    string Signature,
    long[] Matches,
    long[] Totals)
{
    /// <summary>The score on one line, as sacreBLEU prints it.</summary>
    public override string ToString()
    {
        var precisions = string.Join('/', Precisions.Select(precision => Fixed(precision, 1)));
        var ratio = ReferenceLength > 0 ? (double)HypothesisLength / ReferenceLength : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"BLEU = {Fixed(Score, 2)} {precisions} (BP = {Fixed(BrevityPenalty, 3)} ratio = {Fixed(ratio, 3)} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }

    // Python rounds a tie to the even digit, .NET away from zero. Only multiples of 2^-(digits+1) can be ties.
    private static string Fixed(double value, int digits)
    {
        var canBeTie = double.IsInteger(value * (1 << (digits + 1)));
        var rounded = canBeTie ? Math.Round(value, digits, MidpointRounding.ToEven) : value;
        return rounded.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
