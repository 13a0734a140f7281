using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>The recorded updates of every optimizer, and the weights after them.</summary>
internal sealed class OptimizerCheck(ReferenceFolder folder, OptimizerManifest manifest, ModelManifest models) : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Part> Parts() => manifest.Runs.SelectMany(run => Parts(run.Key, run.Value));

    private IEnumerable<Part> Parts(string name, RecordedRun run)
    {
        if (!models.Variants.ContainsKey(run.Variant))
        {
            throw new UserErrorException(
                $"{folder.PathOf(OptimizerManifest.Name)}: the run '{name}' has the variant '{run.Variant}', which "
                    + $"{ModelManifest.Name} does not have."
            );
        }

        var architecture = models.Architecture(run.Variant);
        if (architecture.Options is not { } options)
        {
            return [Part.Of(Quantity.NotYet($"optim/{name}", architecture.WhyNot))];
        }

        if (run.OptimizerOptions is null)
        {
            return
            [
                Part.Of(Quantity.NotYet($"optim/{name}", $"the optimizer '{run.Optimizer}' is not implemented yet")),
            ];
        }

        return from precision in new[] { ScalarType.Float64, ScalarType.Float32 }
            let recorded = precision == ScalarType.Float64 ? run.StepsInFloat64 : run.StepsInFloat32
            where recorded is { Count: > 0 }
            let place = $"optim/{name}/{precision.ToString().ToLowerInvariant()}"
            select new Part(place, () => Compare(place, name, run, recorded, options, precision));
    }

    private IEnumerable<Quantity> Compare(
        string place,
        string name,
        RecordedRun run,
        IReadOnlyList<RecordedUpdate> recorded,
        ModelOptions options,
        ScalarType precision
    )
    {
        var weights = manifest.InitialWeights.Replace("{variant}", run.Variant, StringComparison.Ordinal);
        using var model = new ReferenceModels(folder).Load($"{OptimizerManifest.Folder}/{weights}", options, precision);
        string[] files = [manifest.Batch, manifest.Batch2];
        var batches = files
            .Take(run.MicroBatchesPerUpdate)
            .Select(file => ReferenceBatch.Open(folder, $"{OptimizerManifest.Folder}/{file}"))
            .ToList();
        using var replay = new ReplayedRun(model, run, batches, models.LabelSmoothing, recorded.Count);
        var found = recorded.Select(update => replay.Update(update.Update)).ToList();

        var tolerance = Tolerances.AfterUpdates(precision, stored: precision);
        Quantity Series(string what, Func<RecordedUpdate, IEnumerable<double>?> of, Tolerance allowed)
        {
            var comparison = new Comparison($"{place}/{what}");
            foreach (var (wanted, got) in recorded.Zip(found))
            {
                if (of(wanted) is { } values)
                {
                    comparison.Add($"update {wanted.Update}", [.. values], [.. of(got)!], allowed);
                }
            }

            return comparison.Result($"{comparison.Pieces} updates");
        }

        yield return Series("lr", update => [update.Lr], Tolerances.Float64);
        yield return Series("loss_sum", update => [update.LossSum], tolerance);
        yield return Series("sample_size", update => [update.SampleSize], Tolerances.Identical);
        yield return Series("gradient norm", update => [update.GradNormBeforeClip], tolerance);
        yield return Series("parameter norm", update => [update.ParamL2After], tolerance);
        yield return Series("input projection", update => update.InputProjection, tolerance);
        yield return Series("inner bias", update => update.InnerBias, tolerance);
        var final =
            $"{OptimizerManifest.Folder}/{name}."
            + $"{(precision == ScalarType.Float64 ? "final" : "final_float32run")}.safetensors";
        if (folder.Has(final))
        {
            yield return FinalWeights($"{place}/final weights", final, model, precision, recorded.Count);
        }
    }

    private Quantity FinalWeights(string name, string file, Transformer model, ScalarType precision, int updates)
    {
        using var expected = folder.Open(file);
        var comparison = new Comparison(name);
        ParameterComparison.Add(
            comparison,
            expected,
            model,
            parameter => parameter,
            stored => Tolerances.AfterUpdates(precision, stored)
        );
        return comparison.Result($"{comparison.Pieces} parameters after {updates} updates");
    }
}
