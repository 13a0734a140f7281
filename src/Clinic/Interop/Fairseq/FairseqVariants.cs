using System.Collections.Immutable;
using TransformerClinic.Residuals;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// Transformer-Clinic's names of residual variants (its <c>--init-type</c>) and what they are here; plain fairseq has
/// the first one only.
/// </summary>
internal static class FairseqVariants
{
    /// <summary>The name of what plain fairseq has.</summary>
    public const string Default = "default";

    private static readonly ImmutableArray<(string InitType, ResidualVariant Variant)> Known =
    [
        (Default, ResidualVariant.PostLn),
        ("adaptive", ResidualVariant.Admin),
        ("adaptive-profiling", ResidualVariant.Admin),
        ("rezero", ResidualVariant.Rezero),
        ("rezero_postln", ResidualVariant.RezeroPostLn),
        ("looklinear", ResidualVariant.LookLinear),
        ("deepnet", ResidualVariant.DeepNorm),
    ];

    /// <summary>The known names.</summary>
    public static IEnumerable<string> Names => Known.Select(known => known.InitType);

    /// <summary>The variant of a stack; null if it is not known.</summary>
    /// <param name="initType">The name.</param>
    /// <param name="normalizesBefore">
    /// Whether the stack normalizes before the branch. That makes Post-LN, however it is initialized, Pre-LN; with the
    /// other variants the authors' code has no such stack.
    /// </param>
    public static ResidualVariant? Of(string initType, bool normalizesBefore)
    {
        ResidualVariant? variant = Known
            .Where(known => known.InitType == initType)
            .Select(known => (ResidualVariant?)known.Variant)
            .FirstOrDefault();
        return !normalizesBefore ? variant
            : variant is ResidualVariant.PostLn or ResidualVariant.LookLinear ? ResidualVariant.PreLn
            : null;
    }

    /// <summary>Whether fairseq has stacks of a variant; if so, whether they normalize before the branch.</summary>
    public static bool? NormalizesBefore(ResidualVariant variant) =>
        variant switch
        {
            ResidualVariant.PostLn or ResidualVariant.LookLinear => false,
            ResidualVariant.PreLn => true,
            _ => null,
        };
}
