namespace TransformerClinic.Decoding;

/// <summary>A finished output of the search.</summary>
/// <param name="Tokens">Its ids, the end mark included.</param>
/// <param name="Score">Its log-probability divided by <c>length ^ lengthPenalty</c>, the end mark counted.</param>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability, at the search's temperature and less the penalty of unknown pieces;
/// they add up to the log-probability.
/// </param>
public sealed record Hypothesis(int[] Tokens, double Score, float[] TokenLogProbabilities);
