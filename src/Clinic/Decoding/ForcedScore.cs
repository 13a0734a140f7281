namespace TransformerClinic.Decoding;

/// <summary>A model's score of a given output.</summary>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability given those before it, the end mark last.
/// </param>
/// <param name="Correct">How many tokens are the model's own first choice.</param>
public sealed record ForcedScore(float[] TokenLogProbabilities, int Correct)
{
    /// <summary>The output's log-probability.</summary>
    public double LogProbability => TokenLogProbabilities.Sum(value => (double)value);

    /// <summary>
    /// How much each token attended to each of the source's, <c>[tokens][source]</c>; null unless requested.
    /// </summary>
    public float[][]? Attention { get; init; }
}
