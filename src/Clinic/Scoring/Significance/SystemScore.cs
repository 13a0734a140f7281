namespace TransformerClinic.Scoring.Significance;

/// <summary>The score of one system's translations by one metric.</summary>
/// <param name="Metric">The score's printed name.</param>
/// <param name="Score">The score of all lines.</param>
/// <param name="Signature">What it depends on.</param>
/// <param name="Mean">The mean over samples of lines; null if none were drawn.</param>
/// <param name="Interval">Half the width of the 95 % confidence interval around it; null as above.</param>
/// <param name="PValue">
/// How often chance alone gives a difference from the first system at least this large; null for the first, and if no
/// test was run.
/// </param>
public sealed record SystemScore(
    string Metric,
    double Score,
    string Signature,
    double? Mean = null,
    double? Interval = null,
    double? PValue = null
);
