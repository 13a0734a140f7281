namespace TransformerClinic.Decoding.Search;

/// <summary>
/// <c>log P(y | x) / |y| ^ lengthPenalty</c>, or with GNMT's normalization <c>log P(y | x) / ((5 + |y|) / 6) ^
/// lengthPenalty</c> (Wu et al. 2016).
/// </summary>
internal static class NormalizedScore
{
    private const double GnmtOffset = 5;

    /// <summary>The score of a log-probability and a length that includes the end mark.</summary>
    public static double Of(double logProbability, int length, DecodingOptions options)
    {
        var size =
            options.LengthNormalization == LengthNormalization.Gnmt ? (GnmtOffset + length) / (GnmtOffset + 1) : length;
        return logProbability / Math.Pow(size, options.LengthPenalty);
    }
}
