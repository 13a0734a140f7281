using TransformerClinic.Common;

namespace TransformerClinic.Scoring;

/// <summary>A score with what it depends on.</summary>
/// <param name="Name">Its printed name.</param>
/// <param name="Score">The score, not rounded.</param>
/// <param name="Signature">What it depends on, in sacreBLEU's notation; the version names this software.</param>
public sealed record MetricScore(string Name, double Score, string Signature)
{
    /// <summary>The score on one line, as sacreBLEU prints it.</summary>
    public override string ToString() => $"{Name} = {FixedDecimals.Of(Score, 2)}";
}
