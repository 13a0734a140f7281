using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Remedies;

/// <summary>Stacks of every variant, and of some with each of the options that any variant takes.</summary>
internal static class RemedyCases
{
    private static readonly AnalyticOptions LikeKeel = new()
    {
        OutputChange = OutputChange.Power,
        Power = 1,
        InnerNorm = true,
    };

    private static readonly Dictionary<string, StackOptions> WithOptions = new()
    {
        ["keel, rms-norm"] = Of(ResidualVariant.Keel) with { Norm = NormKind.RmsNorm },
        ["post-ln, rms-norm"] = Of(ResidualVariant.PostLn) with { Norm = NormKind.RmsNorm },
        ["pre-ln, rms-norm"] = Of(ResidualVariant.PreLn) with { Norm = NormKind.RmsNorm },
        ["pre-ln, scale-norm"] = Of(ResidualVariant.PreLn) with { Norm = NormKind.ScaleNorm },
        ["admin, scale-norm"] = Of(ResidualVariant.Admin) with { Norm = NormKind.ScaleNorm },
        ["sandwich-ln, scale-norm"] = Of(ResidualVariant.SandwichLn) with { Norm = NormKind.ScaleNorm },
        ["peri-ln, rms-norm"] = Of(ResidualVariant.PeriLn) with { Norm = NormKind.RmsNorm },
        ["residual, rms-norm"] = Of(ResidualVariant.Residual) with { Norm = NormKind.RmsNorm },
        ["siamese-norm, rms-norm"] = Of(ResidualVariant.SiameseNorm) with { Norm = NormKind.RmsNorm },
        ["siamese-norm, pro-res"] = Scheduled(ResidualVariant.SiameseNorm, BranchSchedule.ProRes),
        ["sub-ln, scale-norm"] = Of(ResidualVariant.SubLn) with { Norm = NormKind.ScaleNorm },
        ["sub-ln, rms-norm, pro-res"] = Scheduled(ResidualVariant.SubLn, BranchSchedule.ProRes) with
        {
            Norm = NormKind.RmsNorm,
        },
        ["hybrid-norm, rms-norm"] = Of(ResidualVariant.HybridNorm) with { Norm = NormKind.RmsNorm },
        ["hybrid-norm, scale-norm"] = Of(ResidualVariant.HybridNorm) with { Norm = NormKind.ScaleNorm },
        ["dlcl, rms-norm"] = Of(ResidualVariant.Dlcl) with { Norm = NormKind.RmsNorm },
        ["dlcl, pro-res"] = Scheduled(ResidualVariant.Dlcl, BranchSchedule.ProRes),
        ["dlcl-post-ln, scale-norm"] = Of(ResidualVariant.DlclPostLn) with { Norm = NormKind.ScaleNorm },
        ["hyper-connections, rms-norm"] = Of(ResidualVariant.HyperConnections) with { Norm = NormKind.RmsNorm },
        ["hyper-connections, branch-norm"] = Scheduled(ResidualVariant.HyperConnections, BranchSchedule.BranchNorm),
        ["mhc, rms-norm"] = Of(ResidualVariant.Mhc) with { Norm = NormKind.RmsNorm },
        ["b2t, no bias"] = Of(ResidualVariant.B2t) with { Norm = NormKind.LayerNormWithoutBias },
        ["admin, no bias"] = Of(ResidualVariant.Admin) with { Norm = NormKind.LayerNormWithoutBias },
        ["n^1 and inner norm"] = Of(ResidualVariant.AdminAnalytic) with { Analytic = LikeKeel },
        ["n^(1/4)"] = Of(ResidualVariant.AdminAnalytic) with
        {
            Analytic = LikeKeel with { Power = 0.25, InnerNorm = false },
        },
        ["post-ln, pro-res"] = Scheduled(ResidualVariant.PostLn, BranchSchedule.ProRes),
        ["admin, pro-res"] = Scheduled(ResidualVariant.Admin, BranchSchedule.ProRes),
        ["keel, pro-res"] = Scheduled(ResidualVariant.Keel, BranchSchedule.ProRes),
        ["residual, pro-res"] = Scheduled(ResidualVariant.Residual, BranchSchedule.ProRes),
        ["peri-ln, branch-norm"] = Scheduled(ResidualVariant.PeriLn, BranchSchedule.BranchNorm),
        ["layer-scale, branch-norm"] = Scheduled(ResidualVariant.LayerScale, BranchSchedule.BranchNorm),
        ["b2t, branch-norm"] = Scheduled(ResidualVariant.B2t, BranchSchedule.BranchNorm),
    };

    /// <summary>The keys of all variants.</summary>
    public static IEnumerable<string> Variants => Enum.GetValues<ResidualVariant>().Select(variant => variant.Key());

    /// <summary>Stacks with options.</summary>
    public static IEnumerable<string> Optional => WithOptions.Keys;

    /// <summary>The stack of a name, of two layers.</summary>
    public static StackOptions Stack(string name) =>
        WithOptions.GetValueOrDefault(name)
        ?? Of(Enum.GetValues<ResidualVariant>().Single(variant => variant.Key() == name));

    /// <summary>A small model with that stack twice.</summary>
    public static ModelOptions Options(string name) =>
        SmallModel.Options() with
        {
            Encoder = Stack(name),
            Decoder = Stack(name),
        };

    /// <summary>A small model whose normalizations, scales and biases are not what they are drawn as.</summary>
    public static Transformer Shaken(string name)
    {
        var model = SmallModel.Create(Options(name));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var shaken = model
            .named_parameters()
            .Where(entry => entry.parameter.dim() == 1 || entry.name.Contains(".residual.", StringComparison.Ordinal));
        foreach (var (_, parameter) in shaken)
        {
            parameter.add_(randn(parameter.shape, generator: generator) * tensor(0.2f), HeldScalars.One);
        }

        return model;
    }

    private static StackOptions Of(ResidualVariant variant) => new() { Layers = 2, Variant = variant };

    private static StackOptions Scheduled(ResidualVariant variant, BranchSchedule schedule) =>
        Of(variant) with
        {
            BranchSchedule = schedule,
            BranchScheduleUpdates = 16,
        };
}
