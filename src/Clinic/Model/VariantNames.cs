using TransformerClinic.Residuals;

namespace TransformerClinic.Model;

/// <summary>
/// The table of the residual variants' names: the key in recipes and files, and the field's name in words.
/// </summary>
internal static class VariantNames
{
    private static readonly (ResidualVariant Variant, string Key, string Name)[] Rows =
    [
        (ResidualVariant.PostLn, "post-ln", "Post-LN"),
        (ResidualVariant.PreLn, "pre-ln", "Pre-LN"),
        (ResidualVariant.Admin, "admin", "Admin"),
        (ResidualVariant.AdminFormula, "admin-formula", "Admin as printed"),
        (ResidualVariant.AdminAnalytic, "admin-analytic", "analytic Admin"),
        (ResidualVariant.DeepNorm, "deep-norm", "DeepNorm"),
        (ResidualVariant.Rezero, "rezero", "ReZero"),
        (ResidualVariant.RezeroPostLn, "rezero-post-ln", "ReZero + Post-LN"),
        (ResidualVariant.LookLinear, "look-linear", "look-linear Post-LN"),
        (ResidualVariant.Keel, "keel", "Keel"),
        (ResidualVariant.B2t, "b2t", "B2T"),
        (ResidualVariant.Residual, "residual", "ResiDual"),
        (ResidualVariant.LayerNormScaling, "layer-norm-scaling", "LayerNorm Scaling"),
        (ResidualVariant.MixLn, "mix-ln", "Mix-LN"),
        (ResidualVariant.PeriLn, "peri-ln", "Peri-LN"),
        (ResidualVariant.SandwichLn, "sandwich-ln", "Sandwich-LN"),
        (ResidualVariant.OutputNorm, "output-norm", "output norm"),
        (ResidualVariant.LayerScale, "layer-scale", "LayerScale"),
        (ResidualVariant.SkipInit, "skip-init", "SkipInit"),
        (ResidualVariant.TFixup, "t-fixup", "T-Fixup"),
        (ResidualVariant.DepthMup, "depth-mup", "depth-muP"),
        (ResidualVariant.CompleteP, "complete-p", "CompleteP"),
        (ResidualVariant.SpanNorm, "span-norm", "SpanNorm"),
        (ResidualVariant.SiameseNorm, "siamese-norm", "SiameseNorm"),
        (ResidualVariant.SubLn, "sub-ln", "Sub-LN"),
        (ResidualVariant.HybridNorm, "hybrid-norm", "HybridNorm"),
        (ResidualVariant.Dlcl, "dlcl", "DLCL"),
        (ResidualVariant.DlclPostLn, "dlcl-post-ln", "DLCL on Post-LN"),
        (ResidualVariant.HyperConnections, "hyper-connections", "hyper-connections"),
        (ResidualVariant.Mhc, "mhc", "mHC"),
        (ResidualVariant.HybridNormStar, "hybrid-norm-star", "HybridNorm*"),
    ];

    /// <summary>The key in recipes and files, such as <c>post-ln</c>.</summary>
    public static string Key(this ResidualVariant variant) => Row(variant).Key;

    /// <summary>The field's name, such as <c>Post-LN</c>.</summary>
    public static string Name(this ResidualVariant variant) => Row(variant).Name;

    private static (ResidualVariant Variant, string Key, string Name) Row(ResidualVariant variant) =>
        Rows.Single(row => row.Variant == variant);
}
