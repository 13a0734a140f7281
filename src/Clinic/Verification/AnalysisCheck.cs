using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Verification;

/// <summary>What the reference's plots of residual dependency, gradients and output change are made from.</summary>
internal sealed class AnalysisCheck(ReferenceFolder folder, AnalysisManifest manifest, ModelManifest models) : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
        from variant in manifest.Variants
        from state in variant.Value
        from batch in state.Value
        from precision in new[] { ScalarType.Float64, ScalarType.Float32 }
        select Part($"{AnalysisManifest.Folder}/{variant.Key}/{state.Key}", variant.Key, batch.Key, batch.Value, precision);

    private Part Part(string place, string variant, string batch, RecordedRuns recorded, ScalarType precision)
    {
        var name = $"{place}/{batch}/{precision.ToString().ToLowerInvariant()}";
        if (!models.Variants.ContainsKey(variant))
        {
            return Verification.Part.Of(Quantity.NotCompared(name, $"{ModelManifest.Name} does not say what variant this is"));
        }

        var architecture = models.Architecture(variant) with { Dims = manifest.Dims };
        return architecture.Options is { } options
            ? new Part(name, () => Compare(name, $"{AnalysisManifest.Folder}/{variant}.{place.Split('/')[^1]}.weights.safetensors", batch, recorded, options, precision))
            : Verification.Part.Of(Quantity.NotYet(name, architecture.WhyNot));
    }

    private IEnumerable<Quantity> Compare(string name, string weights, string batchName, RecordedRuns recorded, ModelOptions options, ScalarType precision)
    {
        using var model = new ReferenceModels(folder).Load(weights, options, precision);
        var batch = ReferenceBatch.Open(folder, $"{AnalysisManifest.Folder}/batch_{batchName}.safetensors");
        var input = new ModelInput(batch.Source, batch.PreviousOutput);
        if (recorded.Float64.Gradients is { } gradients)
        {
            yield return Gradients($"{name}/gradient norms", gradients, GradientBalance.Measure(model, input, Backward(batch)), Tolerances.In(precision));
        }
    }

    private Action<Tensor> Backward(ReferenceBatch batch) => logits => batch.Loss(logits, models.LabelSmoothing, backward: true);

    private static Quantity Gradients(string name, IReadOnlyList<RecordedGradient> expected, GradientBalance found, Tolerance tolerance)
    {
        var comparison = new Comparison(name);
        string[] order = [.. expected.Select(gradient => $"{gradient.Where} {gradient.Layer}")];
        string[] ours = [.. found.Sublayers.Select(gradient => $"{gradient.Place.ReferenceName} {gradient.Place.Layer}")];
        comparison.Same(order.SequenceEqual(ours) ? null : $"the sublayers are {string.Join(", ", ours)} instead of {string.Join(", ", order)}");
        foreach (var (wanted, gradient) in expected.Zip(found.Sublayers))
        {
            comparison.Add($"{wanted.Where} {wanted.Layer}", wanted.Norm, gradient.Norm, tolerance);
        }

        return comparison.Result($"{found.Sublayers.Count} sublayers");
    }
}
