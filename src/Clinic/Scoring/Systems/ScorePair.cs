namespace TransformerClinic.Scoring.Systems;

/// <summary>What two systems score by one metric.</summary>
/// <param name="Metric">What the score is called in print.</param>
/// <param name="First">The first system's.</param>
/// <param name="Second">The second system's.</param>
public sealed record ScorePair(string Metric, double First, double Second)
{
    /// <summary>The second less the first.</summary>
    public double Difference => Second - First;
}
