namespace TransformerClinic.Scoring.Systems;

/// <summary>The scores of two systems by one metric.</summary>
/// <param name="Metric">The score's printed name.</param>
/// <param name="First">The first system's.</param>
/// <param name="Second">The second system's.</param>
public sealed record ScorePair(string Metric, double First, double Second)
{
    /// <summary>The second minus the first.</summary>
    public double Difference => Second - First;
}
