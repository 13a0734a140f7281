using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Gradients of the summed loss, parameter by parameter. The keys' bias is left out: softmax ignores what all scores of
/// a query share, so its gradient is zero, and the recorded values are rounding. A parameter that is one number, such
/// as ReZero's alpha, has a gradient that sums over all positions and channels and may nearly cancel: in float32 its
/// difference is relative to the largest gradient of all parameters, as rounding is.
/// </summary>
internal sealed class GradientCheck(ReferenceFolder folder, ModelManifest manifest) : ModelCheck(folder, manifest)
{
    /// <inheritdoc/>
    protected override bool IsRecorded(ReferenceCase reference) =>
        Folder.Has(Gradients(reference)) || reference.Recorded?.F64.GradL2NormOfSumLoss is not null;

    /// <inheritdoc/>
    protected override IEnumerable<Quantity> Compare(
        string name,
        ReferenceCase reference,
        ModelOptions options,
        ScalarType precision
    )
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
            yield return Norms(
                $"{name}/gradient norms",
                norm,
                recorded.PerParamGradL2F64 ?? new Dictionary<string, double>(),
                model,
                precision
            );
        }
    }

    private static string Gradients(ReferenceCase reference) => $"{reference.Name}.grads.safetensors";

    private static string Float32Gradients(ReferenceCase reference) => $"{reference.Name}.grads_float32run.safetensors";

    private Quantity Elements(string name, string file, Transformer model, ScalarType precision)
    {
        using var expected = Folder.Open(file);
        var comparison = new Comparison(name);
        var scale =
            precision == ScalarType.Float32
                ? expected.Names.Max(tensor => expected[tensor].abs().max().to(ScalarType.Float64).item<double>())
                : 0;
        ParameterComparison.Add(
            comparison,
            expected,
            model,
            Gradient,
            stored => Tolerances.In(precision, stored),
            scale
        );
        return comparison.Result($"{comparison.Pieces} parameters");
    }

    private static Quantity Norms(
        string name,
        double total,
        IReadOnlyDictionary<string, double> each,
        Transformer model,
        ScalarType precision
    )
    {
        var tolerance = Tolerances.In(precision);
        var comparison = new Comparison(name);
        foreach (
            var (parameter, gradient) in model
                .named_parameters()
                .SelectMany(entry => Recorded(entry.name, entry.parameter, each))
        )
        {
            var scale = precision == ScalarType.Float32 && gradient.numel() == 1 ? total : 0;
            comparison.Add(parameter, each[parameter], Norm([gradient]), tolerance, scale);
        }

        comparison.Add("all parameters together", total, Norm(model.parameters().Select(Gradient)), tolerance);
        return comparison.Result($"{comparison.Pieces} norms");
    }

    /// <summary>
    /// A parameter's gradient under the names that it was recorded with: one, three if queries, keys and values are
    /// separate, or none.
    /// </summary>
    private static IEnumerable<(string Name, Tensor Gradient)> Recorded(
        string name,
        Tensor parameter,
        IReadOnlyDictionary<string, double> recorded
    )
    {
        var whole = FairseqNames.OfParameter(name);
        var separate = FairseqNames.Separate(whole);
        return recorded.ContainsKey(whole) ? [(whole, Gradient(parameter))]
            : separate.Any(recorded.ContainsKey) ? separate.Zip(Gradient(parameter).chunk(3))
            : [];
    }

    private static Tensor Gradient(Tensor parameter) => parameter.grad ?? zeros_like(parameter);

    private static double Norm(IEnumerable<Tensor> gradients) =>
        Math.Sqrt(gradients.Sum(gradient => gradient.to(ScalarType.Float64).pow(HeldScalars.Two).sum().item<double>()));
}
