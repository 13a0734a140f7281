using TransformerClinic.Reproduction.Verification.Checks;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Verification;

/// <summary>The sections of a folder of reference data and what is compared in each.</summary>
internal static class Sections
{
    private const string NotThere = "not there";

    /// <summary>All parts of the verification; a missing section is one line that says so.</summary>
    public static IEnumerable<Part> PartsOf(ReferenceFolder folder)
    {
        var models = folder.Has("model") ? folder.Read<ModelManifest>(ModelManifest.Name) : null;
        return
        [
            .. Section(folder, "model", () => Models(folder, models!)),
            .. Section(folder, "optim", () => Optimizers(folder, models)),
            .. Section(folder, "decode", () => Decoding(folder)),
            .. Section(folder, "metrics", () => new MetricsCheck(folder).Parts()),
            .. Section(folder, "admin_torch.json", () => new AdminTorchCheck(folder).Parts()),
            .. Section(folder, "analysis", () => Analysis(folder, models)),
            .. Section(
                folder,
                "data",
                () =>
                    [
                        Part.Of(
                            Quantity.NotCompared(
                                "data",
                                "the reference's own dictionary and order of batches; ours are learned and drawn "
                                    + "differently"
                            )
                        ),
                    ]
            ),
            .. Section(
                folder,
                "anchors.json",
                () =>
                    [
                        Part.Of(
                            Quantity.NotCompared(
                                "anchors",
                                "learning curves of the reference's command line: statistical targets, not values"
                            )
                        ),
                    ]
            ),
        ];
    }

    private static IEnumerable<Part> Section(ReferenceFolder folder, string name, Func<IEnumerable<Part>> parts) =>
        folder.Has(name) ? parts() : [Part.Of(Quantity.NotCompared(Path.GetFileNameWithoutExtension(name), NotThere))];

    private static IEnumerable<Part> Models(ReferenceFolder folder, ModelManifest manifest)
    {
        var missing =
            from variant in manifest.Variants.Keys
            let architecture = manifest.Architecture(variant)
            where architecture.Options is null
            select Part.Of(Quantity.NotYet($"model/{variant}", architecture.WhyNot));
        ICheck[] checks =
        [
            new PositionCheck(folder),
            new ForwardCheck(folder, manifest),
            new GradientCheck(folder, manifest),
            new ProfilingCheck(folder, manifest),
        ];

        // All comparisons of one model in one precision are grouped.
        return checks
            .SelectMany(check => check.Parts())
            .Concat(missing)
            .GroupBy(part => part.Name)
            .SelectMany(parts => parts);
    }

    private static IEnumerable<Part> Optimizers(ReferenceFolder folder, ModelManifest? models) =>
        models is null
            ? [Part.Of(Quantity.NotCompared("optim", "model, whose weights and batches it starts with, is missing"))]
            : new OptimizerCheck(folder, folder.Read<OptimizerManifest>(OptimizerManifest.Name), models).Parts();

    private static IEnumerable<Part> Decoding(ReferenceFolder folder)
    {
        var manifest = folder.Read<DecodingManifest>(DecodingManifest.Name);
        return [.. new DecodingCheck(folder, manifest).Parts(), .. new AveragingCheck(folder, manifest).Parts()];
    }

    private static IEnumerable<Part> Analysis(ReferenceFolder folder, ModelManifest? models) =>
        models is null
            ? [Part.Of(Quantity.NotCompared("analysis", "model, which defines its variants, is missing"))]
            : new AnalysisCheck(folder, folder.Read<AnalysisManifest>(AnalysisManifest.Name), models).Parts();
}
