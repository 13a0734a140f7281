using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Runs;

/// <summary>One run of a comparison.</summary>
/// <param name="Variant">Residual variant of encoder and decoder.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Results">The results of the run.</param>
internal sealed record ComparedRun(ResidualVariant Variant, long Seed, RunResults Results)
{
    /// <summary>The name of its run folder in the folder of the comparison, such as <c>post-ln-seed1</c>.</summary>
    [JsonIgnore]
    public string Name => NameOf(Variant, Seed);

    /// <summary><see cref="Name"/> of the run of a variant and a seed.</summary>
    public static string NameOf(ResidualVariant variant, long seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{variant.Key()}-seed{seed}");
}

/// <summary>
/// Variants trained from the same seeds, data order and budget, as <c>comparison.json</c> holds them.
/// </summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Runs">The runs, variant by variant, seed by seed.</param>
internal sealed record ComparisonResults(string Recipe, IReadOnlyList<ComparedRun> Runs);
