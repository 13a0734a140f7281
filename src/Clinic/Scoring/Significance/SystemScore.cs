namespace TransformerClinic.Scoring.Significance;

/// <summary>What one system's translations score by one metric.</summary>
/// <param name="Metric">What the score is called in print.</param>
/// <param name="Score">The score of all lines.</param>
/// <param name="Signature">What it depends on.</param>
/// <param name="Mean">The mean over samples of lines; null where none were drawn.</param>
/// <param name="Interval">Half the width of the 95 % confidence interval around it; null as above.</param>
/// <param name="PValue">
/// How often chance alone makes a difference from the first system as large or larger; null of the first, and where no
/// test was made.
/// </param>
public sealed record SystemScore(
    string Metric,
    double Score,
    string Signature,
    double? Mean = null,
    double? Interval = null,
    double? PValue = null
);
