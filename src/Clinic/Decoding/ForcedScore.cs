namespace TransformerClinic.Decoding;

/// <summary>What a model says of a given output.</summary>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability after those before it, the end mark last.
/// </param>
/// <param name="Correct">How many tokens are those that the model would have put there itself.</param>
public sealed record ForcedScore(float[] TokenLogProbabilities, int Correct)
{
    /// <summary>The output's log-probability.</summary>
    public double LogProbability => TokenLogProbabilities.Sum(value => (double)value);

    /// <summary>
    /// How much each token attended to each of the source's, <c>[tokens][source]</c>; null unless asked for.
    /// </summary>
    public float[][]? Attention { get; init; }
}
