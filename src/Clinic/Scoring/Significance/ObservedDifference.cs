namespace TransformerClinic.Scoring.Significance;

/// <summary>How far two systems' scores are apart, and which chance differences are at least as large.</summary>
/// <param name="Value">The absolute difference of the scores.</param>
internal readonly record struct ObservedDifference(double Value)
{
    // Scores of about 100 from sums in another order differ by about 1e-13; two different scores are hardly ever so
    // close.
    private const double Rounding = 1e-9;

    /// <summary>The difference of two scores.</summary>
    public static ObservedDifference Of(double first, double second) => new(Math.Abs(second - first));

    /// <summary>
    /// Whether a difference is at least as large, a tie included: a p-value is the probability of what was observed or
    /// anything more extreme. What differs only by rounding is a tie.
    /// </summary>
    public bool IsReachedBy(double difference) => difference >= Value - (Rounding * Math.Max(1, Value));
}
