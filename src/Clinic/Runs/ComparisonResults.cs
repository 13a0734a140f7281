using TransformerClinic.Residuals;

namespace TransformerClinic.Runs;

/// <summary>One run of a comparison.</summary>
/// <param name="Variant">Residual variant of encoder and decoder.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Results">What the run came to.</param>
public sealed record ComparedRun(ResidualVariant Variant, long Seed, RunResults Results);

/// <summary>
/// Variants trained from the same seeds, data order and budget, as <c>comparison.json</c> holds them.
/// </summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Runs">The runs, variant by variant, seed by seed.</param>
public sealed record ComparisonResults(string Recipe, IReadOnlyList<ComparedRun> Runs);
