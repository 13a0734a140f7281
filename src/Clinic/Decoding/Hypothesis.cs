namespace TransformerClinic.Decoding;

/// <summary>A finished output of the search.</summary>
/// <param name="Tokens">Its ids, the end mark included.</param>
/// <param name="Score">
/// Its log-probability divided by its length, end mark included, as <see cref="DecodingOptions.LengthNormalization"/>
/// says, plus the coverage penalty if there is one.
/// </param>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability, at the search's temperature and minus the penalties for unknown
/// pieces and for tokens that other groups of a diverse beam took; they add up to the log-probability.
/// </param>
public sealed record Hypothesis(int[] Tokens, double Score, float[] TokenLogProbabilities)
{
    /// <summary>
    /// How much each token attended to each of the source's, end marks included, <c>[tokens][source]</c>; null unless
    /// requested.
    /// </summary>
    public float[][]? Attention { get; init; }
}
