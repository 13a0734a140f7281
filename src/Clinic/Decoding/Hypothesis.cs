namespace TransformerClinic.Decoding;

/// <summary>A finished output of the search.</summary>
/// <param name="Tokens">Its ids, the end mark included.</param>
/// <param name="Score">
/// Its log-probability over its length as <see cref="DecodingOptions.LengthNormalization"/> divides, the end mark
/// counted, and the coverage penalty where there is one.
/// </param>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability, at the search's temperature and less the penalty of unknown
/// pieces and of tokens that other groups of a diverse beam took; they add up to the log-probability.
/// </param>
public sealed record Hypothesis(int[] Tokens, double Score, float[] TokenLogProbabilities)
{
    /// <summary>
    /// How much each token attended to each of the source's, the end marks included, <c>[tokens][source]</c>; null
    /// unless asked for.
    /// </summary>
    public float[][]? Attention { get; init; }
}
