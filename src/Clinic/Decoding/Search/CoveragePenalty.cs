namespace TransformerClinic.Decoding.Search;

/// <summary>
/// GNMT's coverage penalty (Wu et al. 2016, equation 14): <c>cp(x; y) = weight * sum_i log(min(sum_j p_ij, 1))</c>,
/// p_ij the attention of target token j to source token i. It is 0 where every source token was attended to with a
/// weight of at least 1, and negative otherwise.
/// </summary>
internal static class CoveragePenalty
{
    // Keeps the logarithm finite for a token that got no attention at all.
    private const double LeastCoverage = 1e-9;

    /// <summary>The penalty of an attention <c>[tokens][source]</c>.</summary>
    public static double Of(float[][] attention, double weight) =>
        weight
        * Enumerable
            .Range(0, attention[0].Length)
            .Sum(source => Math.Log(Math.Clamp(attention.Sum(token => (double)token[source]), LeastCoverage, 1)));
}
