using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Tests.Verification;

public class FoldingTests
{
    private static readonly StackOptions Admin = new()
    {
        Variant = ResidualVariant.Admin,
        FirstOmega = FirstOmega.Trainable,
    };

    private static readonly ModelOptions Options = new()
    {
        Encoder = Admin with { Layers = 3 },
        Decoder = Admin with { Layers = 2 },
        Dim = 32,
        Heads = 4,
        FeedForwardDim = 64,
        MaxPositions = 62,
    };

    [Theory]
    [InlineData("init.batch2", "init", "batch2")]
    [InlineData("perturbed", "perturbed", "batch")]
    public void The_references_admin_model_gives_the_references_logits_after_folding(
        string recorded,
        string state,
        string batchName
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var folder = new ReferenceFolder(GoldenFolder.Path);
        using var golden = folder.Open($"model/admin/{recorded}.acts.safetensors");
        using var model = new ReferenceModels(folder).Load(
            $"model/admin/{state}.weights.safetensors",
            Options,
            ScalarType.Float64
        );
        var batch = ReferenceBatch.Open(folder, $"model/{batchName}.safetensors");

        using var folded = ResidualFolding.Fold(model).Model;

        // Their table of positions differs from ours in the last bits, which the recorded logits show.
        folded.get_buffer("positions.table")!.copy_(model.get_buffer("positions.table")!);
        var memory = folded.Encode(batch.Source);
        var logits = folded.Project(folded.Decode(batch.PreviousOutput, memory));
        Assert.True(Difference(golden.BatchFirst("encoder.output"), memory.Output) < 1e-9);
        Assert.True(Difference(golden["logits"], logits) < 1e-9);
        Assert.True(Difference(model.Forward(batch.Source, batch.PreviousOutput), logits) < 1e-12);
    }

    /// <summary>The largest difference over the largest value expected.</summary>
    private static double Difference(Tensor expected, Tensor actual) =>
        ((actual - expected).abs().max() / expected.abs().max()).item<double>();
}
