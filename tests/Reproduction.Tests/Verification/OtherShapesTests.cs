using System.Text.Json;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>
/// Sizes, depths, vocabulary, batches and names of variants are the folder's: here for a model with other sizes than
/// the recorded ones, which the test writes.
/// </summary>
public class OtherShapesTests
{
    private static readonly ModelOptions Options = new()
    {
        Encoder = new StackOptions { Layers = 2, Variant = ResidualVariant.PostLn },
        Decoder = new StackOptions { Layers = 3, Variant = ResidualVariant.PreLn },
        Dim = 18,
        Heads = 3,
        FeedForwardDim = 28,
        Dropout = 0,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_model_of_other_sizes_holds(bool queriesKeysAndValuesApart)
    {
        using var folder = new TemporaryFolder();
        Write(folder, queriesKeysAndValuesApart, depth: 3);

        var report = new Verifier(new ReferenceFolder(folder.FullName)).Run(
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal((4, 0), (report.Hold, report.Fail));
        Assert.Contains(
            report.Quantities,
            quantity => quantity is { Name: "model/a variant of ours/perturbed/float64/logits", Verdict: Verdict.Holds }
        );
    }

    [Fact]
    public void Weights_of_another_depth_than_the_manifest_says_are_refused()
    {
        using var folder = new TemporaryFolder();
        Write(folder, apart: false, depth: 4);

        var mistake = Assert.Throws<UserErrorException>(() =>
            new Verifier(new ReferenceFolder(folder.FullName)).Run(cancellation: TestContext.Current.CancellationToken)
        );
        Assert.Contains("'decoder.layers.3.", mistake.Message, StringComparison.Ordinal);
    }

    /// <summary>The analysis has its own sizes; here its numbers are those that we measure ourselves.</summary>
    [Fact]
    public void An_analysis_of_other_sizes_holds()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Write(folder, apart: false, depth: 3);
        using var model = new Transformer(
            Options with
            {
                Encoder = Options.Encoder with { Layers = 6 },
            },
            vocabulary: 37,
            Vocabulary.Pad,
            seed: 6
        );
        FairseqFile.Write(
            folder.PathOf("analysis/a variant of ours.init.weights.safetensors"),
            FairseqFile.Tensors(model)
        );
        File.Copy(folder.PathOf("model/batch.safetensors"), folder.PathOf("analysis/batch_padded.safetensors"));
        model.to(ScalarType.Float64);
        using var tensors = new ReferenceTensors(folder.PathOf("model/batch.safetensors"));
        var batch = new ReferenceBatch(tensors);
        var input = new ModelInput(batch.Source, batch.PreviousOutput);
        var gradients = GradientBalance.Measure(
            model,
            input,
            logits => batch.Loss(logits, smoothing: 0.1, backward: true)
        );
        using var perturbation = WeightPerturbation.GradientSigns(
            model,
            input,
            logits => batch.Loss(logits, smoothing: 0.1, backward: true)
        );
        var changes = ModelOutputChange.Measure(model, input, perturbation).Encoder;
        string[] lines =
        [
            .. changes.ReferenceInputChanges.Select((change, i) => FormattableString.Invariant($"{i} {change}")),
            FormattableString.Invariant($"final {changes.ReferenceFinalChange}"),
        ];
        folder.Write(
            "analysis/analysis.json",
            $$"""
            {
              "dims": { "d": 18, "heads": 3, "ffn": 28, "enc": 6, "dec": 3 },
              "variants": { "a variant of ours": { "init": { "padded": { "float64run": {
                "plot_variance.variance_log.json": {{JsonSerializer.Serialize(
                ResidualDependency.Measure(model, input).Encoder.ReferenceDeviations
            )}},
                "plot_gradient": {{JsonSerializer.Serialize(
                gradients.Sublayers.Select(gradient => new
                {
                    layer = gradient.Place.Layer,
                    where = gradient.Place.ReferenceName,
                    grad_l2 = gradient.Norm,
                })
            )}},
                "plot_stability.gradient_sign_1e-6": {{JsonSerializer.Serialize(lines)}}
              } } } } }
            }
            """
        );

        var report = new Verifier(new ReferenceFolder(folder.FullName), "analysis").Run(
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal((6, 0, 0), (report.Hold, report.Fail, report.NotYet));
        Assert.Equal((21, "0 NaN"), (gradients.Sublayers.Count, lines[0]));
    }

    private static void Write(TemporaryFolder folder, bool apart, int depth)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new Transformer(Options, vocabulary: 37, Vocabulary.Pad, seed: 5);
        var (source, previousOutput) = (
            tensor(new long[] { 1, 1, 7, 36, 2, 9, 8, 7, 6, 2 }, [2, 5]),
            tensor(new long[] { 2, 30, 5, 2, 12, 1 }, [2, 3])
        );
        folder.Write(
            "model/manifest.json",
            $$"""
            {
              "dims": { "d": 18, "heads": 3, "ffn": 28, "enc": 2, "dec": {{depth}} },
              "label_smoothing": 0.1,
              "variants": {
                "a variant of ours": { "reference_flags": ["--init-type", "default", "--decoder-normalize-before"] }
              }
            }
            """
        );
        FairseqFile.Write(
            folder.PathOf("model/batch.safetensors"),
            [Ids("src_tokens", source), Ids("prev_output_tokens", previousOutput), Ids("target", previousOutput)]
        );
        FairseqFile.Write(
            folder.PathOf("model/a variant of ours/perturbed.weights.safetensors"),
            FairseqFile.Tensors(model, apart)
        );
        model.to(ScalarType.Float64);
        var memory = model.Encode(source);
        var hidden = model.Decode(previousOutput, memory);
        FairseqFile.Write(
            folder.PathOf("model/a variant of ours/perturbed.acts.safetensors"),
            [Values("encoder.output", memory.Output.transpose(0, 1)), Values("logits", model.Project(hidden))]
        );
    }

    private static TensorSource Ids(string name, Tensor ids) =>
        new(name, "I64", ids.shape, stream => stream.Write(ids.contiguous().bytes));

    private static TensorSource Values(string name, Tensor values) =>
        new(name, "F64", values.shape, stream => stream.Write(values.contiguous().bytes));
}
