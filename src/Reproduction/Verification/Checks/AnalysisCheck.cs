using System.Globalization;
using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>The data behind the reference's plots of residual dependency, gradients and output change.</summary>
internal sealed class AnalysisCheck(ReferenceFolder folder, AnalysisManifest manifest, ModelManifest models) : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
        from variant in manifest.Variants
        from state in variant.Value
        from batch in state.Value
        from precision in new[] { ScalarType.Float64, ScalarType.Float32 }
        select Part(
            $"{AnalysisManifest.Folder}/{variant.Key}/{state.Key}",
            variant.Key,
            batch.Key,
            batch.Value,
            precision
        );

    private Part Part(string place, string variant, string batch, RecordedRuns recorded, ScalarType precision)
    {
        var name = $"{place}/{batch}/{precision.ToString().ToLowerInvariant()}";
        if (!models.Variants.ContainsKey(variant))
        {
            return Checks.Part.Of(
                Quantity.NotCompared(name, $"{ModelManifest.Name} does not say what variant this is")
            );
        }

        var architecture = models.Architecture(variant) with { Dims = manifest.Dims };
        return architecture.Options is { } options
            ? new Part(
                name,
                () =>
                    Compare(
                        name,
                        $"{AnalysisManifest.Folder}/{variant}.{place.Split('/')[^1]}.weights.safetensors",
                        batch,
                        recorded,
                        options,
                        precision
                    )
            )
            : Checks.Part.Of(Quantity.NotYet(name, architecture.WhyNot));
    }

    private IEnumerable<Quantity> Compare(
        string name,
        string weights,
        string batchName,
        RecordedRuns recorded,
        ModelOptions options,
        ScalarType precision
    )
    {
        using var model = new ReferenceModels(folder).Load(weights, options, precision);
        var batch = ReferenceBatch.Open(folder, $"{AnalysisManifest.Folder}/batch_{batchName}.safetensors");
        var input = new ModelInput(batch.Source, batch.PreviousOutput);
        var dependency = ResidualDependency.Measure(model, input).Encoder;
        var gradients = GradientBalance.Measure(model, input, Backward(batch));
        foreach (var (expected, of) in Expected(recorded, precision))
        {
            Quantity[] quantities =
            [
                .. Dependency(name, of, expected, dependency, precision),
                .. Gradients(name, of, expected, gradients, precision),
                .. OutputChanges(name, of, expected, model, batch, input, precision),
            ];
            foreach (var quantity in quantities)
            {
                yield return quantity;
            }
        }
    }

    private static IEnumerable<(RecordedAnalysis Expected, string Of)> Expected(
        RecordedRuns recorded,
        ScalarType precision
    )
    {
        yield return (recorded.Float64, "");
        if (precision == ScalarType.Float32 && recorded.Float32 is { } own)
        {
            yield return (own, " of float32run");
        }
    }

    private Action<Tensor> Backward(ReferenceBatch batch) =>
        logits => batch.Loss(logits, models.LabelSmoothing, backward: true);

    private static IEnumerable<Quantity> Dependency(
        string name,
        string of,
        RecordedAnalysis expected,
        StackDependency found,
        ScalarType precision
    )
    {
        if (expected.Deviations is { } plotted)
        {
            yield return Rows($"{name}/variance plot{of}", plotted, found.ReferenceDeviations, Tolerances.In(precision))
                .Result($"{plotted.Count} states");
        }

        if (expected.Decomposition is { Rows: var rows })
        {
            var comparison = Rows(
                $"{name}/decomposition{of}",
                rows,
                found.Deviations,
                Tolerances.Decomposition(precision)
            );
            comparison.Add("sum of the components", 0, found.LargestDifference, Tolerances.In(precision), scale: 1);
            yield return comparison.Result($"{rows.Count} states");
        }
    }

    private static Comparison Rows(
        string name,
        IReadOnlyList<IReadOnlyList<double>> expected,
        IReadOnlyList<IReadOnlyList<double>> found,
        Tolerance tolerance
    )
    {
        var comparison = new Comparison(name);
        comparison.Same(
            expected.Count == found.Count ? null : $"there are {found.Count} states instead of {expected.Count}"
        );
        foreach (var (state, (wanted, row)) in expected.Zip(found).Index())
        {
            comparison.Add($"state {state}", wanted, row, tolerance);
        }

        return comparison;
    }

    private static IEnumerable<Quantity> Gradients(
        string name,
        string of,
        RecordedAnalysis recorded,
        GradientBalance found,
        ScalarType precision
    )
    {
        if (recorded.Gradients is not { } expected)
        {
            yield break;
        }

        var comparison = new Comparison($"{name}/gradient norms{of}");
        string[] order = [.. expected.Select(gradient => $"{gradient.Where} {gradient.Layer}")];
        string[] ours =
        [
            .. found.Sublayers.Select(gradient => $"{gradient.Place.ReferenceName} {gradient.Place.Layer}"),
        ];
        comparison.Same(
            order.SequenceEqual(ours)
                ? null
                : $"the sublayers are {string.Join(", ", ours)} instead of {string.Join(", ", order)}"
        );
        foreach (var (where, (wanted, gradient)) in order.Zip(expected.Zip(found.Sublayers)))
        {
            comparison.Add(where, wanted.Norm, gradient.Norm, Tolerances.In(precision));
        }

        yield return comparison.Result($"{found.Sublayers.Count} sublayers");
    }

    private IEnumerable<Quantity> OutputChanges(
        string name,
        string of,
        RecordedAnalysis recorded,
        Transformer model,
        ReferenceBatch batch,
        ModelInput input,
        ScalarType precision
    )
    {
        if (recorded.RandomSigns is { } random)
        {
            using var signs = folder.Open($"{AnalysisManifest.Folder}/stability_signs.safetensors");
            using var perturbation = new WeightPerturbation(
                model,
                WeightPerturbation.RandomStep,
                (parameter, _) => signs.Parameters[parameter]
            );
            yield return Change(
                $"{name}/output change by random signs{of}",
                random,
                ModelOutputChange.Measure(model, input, perturbation).Encoder,
                Tolerances.OutputChange(precision, WeightPerturbation.RandomStep)
            );
        }

        if (recorded.GradientSigns is { } down)
        {
            using var perturbation = WeightPerturbation.GradientSigns(model, input, Backward(batch));
            yield return Change(
                $"{name}/output change by gradient signs{of}",
                down,
                ModelOutputChange.Measure(model, input, perturbation).Encoder,
                Tolerances.OutputChange(precision, WeightPerturbation.GradientStep)
            );
        }
    }

    private static Quantity Change(
        string name,
        IReadOnlyList<string> lines,
        StackOutputChange found,
        Tolerance tolerance
    )
    {
        var comparison = new Comparison(name);
        var ours = found
            .ReferenceInputChanges.Select(
                (change, i) => (Where: i.ToString(CultureInfo.InvariantCulture), Change: change)
            )
            .Append(("final", found.ReferenceFinalChange))
            .ToList();
        comparison.Same(lines.Count == ours.Count ? null : $"there are {ours.Count} changes instead of {lines.Count}");
        foreach (var (line, (where, change)) in lines.Zip(ours))
        {
            if (
                line.Split(' ') is not [var wantedWhere, var value]
                || wantedWhere != where
                || !double.TryParse(value, CultureInfo.InvariantCulture, out var wanted)
            )
            {
                comparison.Fail($"'{line}' is not the change at {where}");
            }
            else if (double.IsNaN(wanted))
            {
                comparison.Same(double.IsNaN(change) ? null : $"{where} is {change} instead of not a number");
            }
            else
            {
                comparison.Add(where, wanted, change, tolerance);
            }
        }

        return comparison.Result($"{lines.Count} changes");
    }
}
