using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace Samples.DecoderOnly;

/// <summary>
/// Remedies by their names in recipes: each is one type of the library, made for its place in the stack.
/// </summary>
internal static class Remedy
{
    private static readonly IReadOnlyDictionary<string, Func<ResidualPlace, ResidualConnection>> Types = new Dictionary<
        string,
        Func<ResidualPlace, ResidualConnection>
    >
    {
        ["keel"] = place => new KeelResidual(place),
        ["b2t"] = place => new B2tResidual(place),
        ["residual"] = place => new DualResidual(place),
        ["layer-norm-scaling"] = place => new LayerNormScalingResidual(place),
        ["mix-ln"] = place => new MixLnResidual(place),
        ["peri-ln"] = place => new PeriLnResidual(place),
        ["sandwich-ln"] = place => new SandwichLnResidual(place),
        ["output-norm"] = place => new OutputNormResidual(place),
        ["layer-scale"] = place => new LayerScaleResidual(place),
        ["skip-init"] = place => new SkipInitResidual(place),
        ["t-fixup"] = place => new TFixupResidual(place),
        ["depth-mup"] = place => new DepthScaledResidual(place, exponent: 0.5),
        ["complete-p"] = place => new DepthScaledResidual(place, exponent: 1),
        ["span-norm"] = place => new SpanNormResidual(place),
        ["siamese-norm"] = place => new SiameseNormResidual(place),
        ["sub-ln"] = place => new SubLnResidual(place),
        ["hybrid-norm"] = place => new HybridNormResidual(place),
        ["dlcl"] = place => new DlclResidual(place),
        ["dlcl-post-ln"] = place => new DlclResidual(place, postNorm: true),
        ["hyper-connections"] = place => new HyperConnectionResidual(place),
        ["mhc"] = place => new HyperConnectionResidual(place, constrained: true),
        ["hybrid-norm-star"] = place => new HybridNormResidual(place, firstIsPreNorm: true),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. Types.Keys];

    /// <summary>The connection of a remedy at a place.</summary>
    public static ResidualConnection Create(string name, ResidualPlace place) => Types[name](place);
}
