using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// What an examination during training found of one stack, in short; a number that is not finite is null.
/// </summary>
/// <param name="Stack">The stack.</param>
/// <param name="Lean">
/// How much its states lean on their newest branch: the mean of <c>beta[i][i]</c> over its sublayers.
/// </param>
/// <param name="LeanLower">The same over the lower half of its sublayers.</param>
/// <param name="LeanUpper">The same over the upper half.</param>
/// <param name="OutputChange">
/// <c>E |x^_n(W) - x^_n(W + d)|^2</c> of its last sublayer for random signs d, mean of the perturbations.
/// </param>
/// <param name="GradientKept">
/// <c>|dL/dx_1| / |dL/dx_n|</c>: what is left of the gradient at its lowest sublayer's output.
/// </param>
/// <param name="LowestEntropy">
/// The lowest relative entropy of an attention: 1 spreads evenly, 0 looks at one key.
/// </param>
/// <param name="MostDead">
/// The largest share of dead units of a feed-forward sublayer; null unless the activation is ReLU.
/// </param>
internal sealed record StackDiagnosis(
    StackName Stack,
    double? Lean,
    double? LeanLower,
    double? LeanUpper,
    double? OutputChange,
    double? GradientKept,
    double? LowestEntropy,
    double? MostDead
)
{
    /// <summary>
    /// Mean cosine of two tokens of a sentence after its last sublayer: 1 when all have become alike. Null in logs of
    /// earlier versions.
    /// </summary>
    public double? Similarity { get; init; }

    /// <summary>
    /// <c>|h_1| / |dL/dx_n|</c>: what only the product of the shortcuts' Jacobians would leave of the gradient. Null in
    /// logs of earlier versions.
    /// </summary>
    public double? GradientThroughShortcuts { get; init; }

    /// <summary>The short form of what was found.</summary>
    public static StackDiagnosis Of(StackFindings findings)
    {
        var half = findings.Lean.Count / 2;
        return new StackDiagnosis(
            findings.Stack,
            Finite(findings.MeanLean),
            Finite(findings.Lean.Take(half).Average()),
            Finite(findings.Lean.Skip(half).Average()),
            Finite(findings.Growth.Mean[^1]),
            findings.GradientKept,
            Finite(findings.LowestEntropy.Value),
            findings.MostDead is { } dead ? Finite(dead.Value) : null
        )
        {
            Similarity = findings.Depth?.Similarity[^1],
            GradientThroughShortcuts = findings.Depth?.GradientThroughShortcuts[0],
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
