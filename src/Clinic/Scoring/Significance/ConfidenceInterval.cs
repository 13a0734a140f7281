namespace TransformerClinic.Scoring.Significance;

/// <summary>The 95 % confidence interval of a score as sacreBLEU estimates it from samples of lines.</summary>
/// <param name="Mean">The mean of the samples' scores.</param>
/// <param name="HalfWidth">Half the distance between the scores that a fortieth of the samples are below and
/// above.</param>
internal sealed record ConfidenceInterval(double Mean, double HalfWidth)
{
    public static ConfidenceInterval Of(double[] scores)
    {
        var sorted = scores.Order().ToArray();
        var outside = sorted.Length / 40;
        return new ConfidenceInterval(scores.Average(), 0.5 * (sorted[^(outside + 1)] - sorted[outside]));
    }
}
