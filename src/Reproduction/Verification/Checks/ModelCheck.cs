using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>One of the recorded pairs of weights and batch.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="State">Which weights: <c>init</c> or <c>perturbed</c>.</param>
/// <param name="Batch">Which batch: <c>batch</c> or <c>batch2</c>.</param>
/// <param name="Recorded">Their entry in the manifest.</param>
internal sealed record ReferenceCase(string Variant, string State, string Batch, RecordedState? Recorded)
{
    /// <summary>The start of this case's file names and of its quantities' names.</summary>
    public string Name => Batch == "batch" ? $"model/{Variant}/{State}" : $"model/{Variant}/{State}.{Batch}";

    /// <summary>The file of the weights.</summary>
    public string Weights => $"model/{Variant}/{State}.weights.safetensors";

    /// <summary>The file of the batch.</summary>
    public string BatchFile => $"model/{Batch}.safetensors";
}

/// <summary>
/// What all checks of <c>model/</c> share: they iterate over its variants, weights and batches in float64 and in
/// float32.
/// </summary>
internal abstract class ModelCheck(ReferenceFolder folder, ModelManifest manifest) : ICheck
{
    protected ReferenceFolder Folder => folder;

    protected ModelManifest Manifest => manifest;

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
        from variant in manifest.Variants.Keys
        let options = manifest.Architecture(variant).Options
        where options is not null
        from reference in Cases(variant)
        where folder.Has(reference.Weights) && IsRecorded(reference)
        from precision in new[] { ScalarType.Float64, ScalarType.Float32 }
        let name = $"{reference.Name}/{precision.ToString().ToLowerInvariant()}"
        select new Part(name, () => Compare(name, reference, options, precision));

    /// <summary>Whether there is something to compare.</summary>
    protected abstract bool IsRecorded(ReferenceCase reference);

    /// <summary>Compares a model of <paramref name="options"/>.</summary>
    protected abstract IEnumerable<Quantity> Compare(
        string name,
        ReferenceCase reference,
        ModelOptions options,
        ScalarType precision
    );

    private IEnumerable<ReferenceCase> Cases(string variant)
    {
        var recorded = manifest.Variants[variant];
        return
        [
            new ReferenceCase(variant, "init", "batch", recorded.Init),
            new ReferenceCase(variant, "init", "batch2", recorded.InitBatch2),
            new ReferenceCase(variant, "perturbed", "batch", recorded.Perturbed),
            new ReferenceCase(variant, "perturbed", "batch2", recorded.PerturbedBatch2),
        ];
    }
}
