using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Reproduction.Verification.Checks;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Fairseq;

/// <summary>
/// The reference's recorded models as PyTorch's own <c>torch.save</c> wrote them (Golden/checkpoints), against what the
/// reference computed with them.
/// </summary>
public class FairseqCheckpointTests
{
    private static readonly string[] Main = ["encoder.output", "decoder.last_layer_output", "logits"];
    private static readonly string Dictionary = Path.Combine(GoldenFolder.Path, "model", "dict.txt");

    [Theory]
    [InlineData("admin", "clinic")]
    [InlineData("deepnet", "stream")]
    [InlineData("encpre_decpost", "modern")]
    public void A_model_computes_what_the_reference_computed(string variant, string style)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var checkpoint = FairseqCheckpoint.Open(PathOf(variant, style), []);
        var dictionary = FairseqDictionary.Read(Dictionary);
        using var model = checkpoint.Load(new JointVocabulary(dictionary, dictionary), Vocabulary.Pad);
        using var pass = new RecordedPass(model);
        var recorded = new ReferenceFolder(GoldenFolder.Path);
        pass.Run(ReferenceBatch.Open(recorded, "model/batch.safetensors"));
        using var expected = recorded.Open($"model/{variant}/perturbed.acts.safetensors");
        var comparison = new Comparison(variant);
        foreach (var name in Main)
        {
            comparison.Add(name, expected.BatchFirst(name), pass[name]!, Tolerances.Float32);
        }

        var result = comparison.Result();
        Assert.True(result.Verdict == Verdict.Holds, result.ToString());
        Assert.Equal(Main.Length, comparison.Pieces);
    }

    [Fact]
    public void The_options_are_those_that_the_checkpoint_was_trained_with()
    {
        using var checkpoint = FairseqCheckpoint.Open(PathOf("encpre_decpost", "modern"), []);

        Assert.Equal(("de", "en"), (checkpoint.Options.SourceLanguage, checkpoint.Options.TargetLanguage));
        Assert.Equal("transformer", checkpoint.Options.Architecture);
        Assert.Equal(
            (ResidualVariant.PreLn, ResidualVariant.PostLn),
            (checkpoint.Options.Model.Encoder.Variant, checkpoint.Options.Model.Decoder.Variant)
        );
        Assert.Equal((3, 2), (checkpoint.Options.Model.Encoder.Layers, checkpoint.Options.Model.Decoder.Layers));
        Assert.Equal(["torch.FloatStorage"], checkpoint.State.Types);
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named()
    {
        using var model = SmallModel.Create(ResidualVariant.PreLn);
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("x.pt");
        FairseqPickle.Write(
            path,
            FairseqPickle.Options(model.Options),
            [.. FairseqPickle.Weights(model).Where(weight => weight.Name != "encoder.layer_norm.weight")]
        );
        using var checkpoint = FairseqCheckpoint.Open(path, []);
        var dictionary = new FairseqDictionary("d", [.. Enumerable.Range(4, SmallModel.Words - 4).Select(i => $"{i}")]);

        Assert.Equal(
            $"{path}: the file has no tensor 'encoder.layer_norm.weight', which this model needs.",
            Assert
                .Throws<UserErrorException>(() =>
                    checkpoint.Load(new JointVocabulary(dictionary, dictionary), Vocabulary.Pad)
                )
                .Message
        );
    }

    private static string PathOf(string variant, string style) =>
        Path.Combine(GoldenFolder.Path, "checkpoints", $"{variant}.perturbed.{style}.pt");
}
