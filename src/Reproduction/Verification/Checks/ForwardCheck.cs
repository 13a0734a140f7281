using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>What a model computes in one pass: outputs of encoder and decoder, logits, sublayers, loss.</summary>
internal sealed class ForwardCheck(ReferenceFolder folder, ModelManifest manifest) : ModelCheck(folder, manifest)
{
    private static readonly string[] Main = ["encoder.output", "decoder.last_layer_output", "logits"];

    /// <inheritdoc/>
    protected override bool IsRecorded(ReferenceCase reference) =>
        reference.Recorded is not null || Folder.Has(Activations(reference));

    /// <inheritdoc/>
    protected override IEnumerable<Quantity> Compare(
        string name,
        ReferenceCase reference,
        ModelOptions options,
        ScalarType precision
    )
    {
        using var noGradient = no_grad();
        using var model = new ReferenceModels(Folder).Load(reference.Weights, options, precision);
        using var pass = new RecordedPass(model);
        var batch = ReferenceBatch.Open(Folder, reference.BatchFile);
        pass.Run(batch);
        if (Folder.Has(Activations(reference)))
        {
            using var expected = Folder.Open(Activations(reference));
            foreach (var quantity in Activations(name, expected, pass, precision))
            {
                yield return quantity;
            }
        }

        if (precision == ScalarType.Float32 && Folder.Has(Float32Activations(reference)))
        {
            using var expected = Folder.Open(Float32Activations(reference));
            var comparison = new Comparison($"{name}/float32run");
            Add(comparison, expected.Names, expected, pass, Tolerances.Float32);
            yield return comparison.Result("outputs and logits of the reference's own float32");
        }

        if (reference.Recorded is { } recorded)
        {
            foreach (
                var quantity in Losses(
                    name,
                    recorded.F64,
                    batch,
                    batch.Loss(pass["logits"]!, Manifest.LabelSmoothing, backward: false),
                    precision
                )
            )
            {
                yield return quantity;
            }
        }
    }

    private static string Activations(ReferenceCase reference) => $"{reference.Name}.acts.safetensors";

    private static string Float32Activations(ReferenceCase reference) =>
        $"{reference.Name}.acts_float32run.safetensors";

    private static IEnumerable<Quantity> Activations(
        string name,
        ReferenceTensors expected,
        RecordedPass pass,
        ScalarType precision
    )
    {
        foreach (var main in Main.Where(expected.Has))
        {
            var comparison = new Comparison($"{name}/{main}");
            Add(comparison, [main], expected, pass, Tolerances.In(precision));
            yield return comparison.Result();
        }

        var sublayers = new Comparison($"{name}/sublayers");
        Add(sublayers, expected.Names.Except(Main), expected, pass, Tolerances.In(precision));
        if (sublayers.Pieces > 0)
        {
            yield return sublayers.Result($"{sublayers.Pieces} inputs, branches and outputs");
        }
    }

    private static void Add(
        Comparison comparison,
        IEnumerable<string> names,
        ReferenceTensors expected,
        RecordedPass pass,
        Tolerance tolerance
    )
    {
        foreach (var name in names)
        {
            if (pass[name] is { } found)
            {
                comparison.Add(name, expected.BatchFirst(name), found, tolerance);
            }
            else
            {
                comparison.Fail($"there is no {name} here");
            }
        }
    }

    private static IEnumerable<Quantity> Losses(
        string name,
        RecordedLoss expected,
        ReferenceBatch batch,
        BatchLoss found,
        ScalarType precision
    )
    {
        Quantity Number(string what, double wanted, double got, Tolerance tolerance)
        {
            var comparison = new Comparison($"{name}/{what}");
            comparison.Add(what, wanted, got, tolerance);
            return comparison.Result();
        }

        yield return Number("loss_sum", expected.LossSum, found.Loss, Tolerances.In(precision));
        yield return Number("nll_sum", expected.NllSum, found.Nll, Tolerances.In(precision));
        yield return Number("ntokens", expected.Ntokens, batch.Tokens, Tolerances.Identical);
    }
}
