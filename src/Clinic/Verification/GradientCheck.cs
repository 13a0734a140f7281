using TransformerClinic.Interop;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Verification;

/// <summary>
/// Gradients of the summed loss, parameter by parameter. The keys' bias is left out: softmax ignores what all scores of a
/// query share, so its gradient is zero, and what is recorded of it is rounding.
/// </summary>
internal sealed class GradientCheck(ReferenceFolder folder, ModelManifest manifest) : ModelCheck(folder, manifest)
{
    /// <inheritdoc/>
    protected override bool IsRecorded(ReferenceCase reference) => Folder.Has(Gradients(reference)) || reference.Recorded?.F64.GradL2NormOfSumLoss is not null;

    /// <inheritdoc/>
    protected override IEnumerable<Quantity> Compare(string name, ReferenceCase reference, ModelOptions options, ScalarType precision)
    {
        using var model = new ReferenceModels(Folder).Load(reference.Weights, options, precision);
        ReferenceBatch.Open(Folder, reference.BatchFile).AddGradients(model, Manifest.LabelSmoothing);
        if (Folder.Has(Gradients(reference)))
        {
            yield return Elements($"{name}/gradients", Gradients(reference), model, precision);
        }

        if (precision == ScalarType.Float32 && Folder.Has(Float32Gradients(reference)))
        {
            yield return Elements($"{name}/gradients of float32run", Float32Gradients(reference), model, precision);
        }

        if (reference.Recorded is { F64.GradL2NormOfSumLoss: { } norm } recorded)
        {
            yield return Norms($"{name}/gradient norms", norm, recorded.PerParamGradL2F64 ?? new Dictionary<string, double>(), model, precision);
        }
    }

    private static string Gradients(ReferenceCase reference) => $"{reference.Name}.grads.safetensors";

    private static string Float32Gradients(ReferenceCase reference) => $"{reference.Name}.grads_float32run.safetensors";

    private Quantity Elements(string name, string file, Transformer model, ScalarType precision)
    {
        using var expected = Folder.Open(file);
        var comparison = new Comparison(name);
        ParameterComparison.Add(comparison, expected, model, parameter => parameter.grad ?? zeros_like(parameter), stored => Tolerances.In(precision, stored));
        return comparison.Result($"{comparison.Pieces} parameters");
    }

    private static Quantity Norms(string name, double total, IReadOnlyDictionary<string, double> each, Transformer model, ScalarType precision)
    {
        var tolerance = Tolerances.In(precision);
        var comparison = new Comparison(name);
        foreach (var (parameter, value) in model.named_parameters())
        {
            if (each.TryGetValue(FairseqNames.OfParameter(parameter), out var expected))
            {
                comparison.Add(FairseqNames.OfParameter(parameter), expected, Norm([value]), tolerance);
            }
        }

        comparison.Add("all parameters together", total, Norm(model.parameters()), tolerance);
        return comparison.Result($"{comparison.Pieces} norms");
    }

    private static double Norm(IEnumerable<Tensor> parameters) =>
        Math.Sqrt(parameters.Sum(parameter => parameter.grad is { } gradient ? gradient.to(ScalarType.Float64).square().sum().item<double>() : 0));
}
