using TransformerClinic.Folding;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

public class FoldingTests
{
    [Theory]
    [InlineData("init.batch2", "init", "batch2")]
    [InlineData("perturbed", "perturbed", "batch")]
    public void The_references_admin_model_gives_the_references_logits_after_folding(string recorded, string state, string batchName)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var golden = GoldenTensors.Open($"model/admin/{recorded}.acts.safetensors");
        using var model = GoldenModel.Load("admin", state);
        var batch = new GoldenBatch(batchName);

        using var folded = ResidualFolding.Fold(model).Model;
        ReferenceWeights.TakePositions(folded);

        var memory = folded.Encode(batch.Source);
        Close.Assert(golden.BatchFirst("encoder.output"), memory.Output, 1e-9, "encoder output");
        Close.Assert(golden["logits"], folded.Project(folded.Decode(batch.PreviousOutput, memory)), 1e-9, "logits");
        Close.Assert(model.Forward(batch.Source, batch.PreviousOutput), folded.Forward(batch.Source, batch.PreviousOutput), 1e-12, "our own logits");
    }
}
