using TransformerClinic.Common;

namespace TransformerClinic.Decoding;

/// <summary>
/// How well models predict the targets of a set, each subword given the correct ones before it (teacher forcing), end
/// marks included.
/// </summary>
/// <param name="Pairs">Pairs that were scored.</param>
/// <param name="LeftOut">Pairs that were not scored: their source is empty, or a side is too long.</param>
/// <param name="Tokens">Target subwords of the scored pairs.</param>
/// <param name="Nll">Negative log-likelihood in nats per target subword, without label smoothing.</param>
/// <param name="Accuracy">Share of the target subwords that were the most probable ones, from 0 to 1.</param>
internal sealed record Evaluation(int Pairs, int LeftOut, long Tokens, double Nll, double Accuracy)
{
    /// <summary><c>exp(nll)</c>: comparable only between models with the same subwords.</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <summary>The evaluation of scored pairs.</summary>
    /// <exception cref="UserErrorException">None was scored.</exception>
    public static Evaluation Of(IReadOnlyList<ScoredPair> pairs)
    {
        var scored = pairs.Select(pair => pair.Forced).OfType<ForcedScore>().ToList();
        if (scored.Count == 0)
        {
            throw new UserErrorException(
                "There is no pair that could be scored: every source is empty, or a side is longer than the model "
                    + "reads."
            );
        }

        var tokens = scored.Sum(score => (long)score.TokenLogProbabilities.Length);
        return new Evaluation(
            scored.Count,
            pairs.Count - scored.Count,
            tokens,
            -scored.Sum(score => score.LogProbability) / tokens,
            scored.Sum(score => (double)score.Correct) / tokens
        );
    }
}
