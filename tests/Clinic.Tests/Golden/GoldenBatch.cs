using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

/// <summary>One of the reference's batches: sources are padded on the left, targets on the right.</summary>
internal sealed class GoldenBatch
{
    public GoldenBatch(string name = "batch")
    {
        using var tensors = GoldenTensors.Open($"model/{name}.safetensors");
        Source = tensors["src_tokens"];
        PreviousOutput = tensors["prev_output_tokens"];
        var target = tensors["target"].flatten();
        RealTargets = target.ne(Vocabulary.Pad);
        Targets = target[RealTargets];
    }

    public Tensor Source { get; }

    public Tensor PreviousOutput { get; }

    /// <summary>The targets that are not padding, <c>[tokens]</c>.</summary>
    public Tensor Targets { get; }

    public int Tokens => (int)Targets.shape[0];

    private Tensor RealTargets { get; }

    /// <summary>The summed loss of a model; adds its gradient where asked for.</summary>
    public BatchLoss Loss(Transformer model, bool backward)
    {
        using var scope = NewDisposeScope();
        var logits = model.Forward(Source, PreviousOutput).flatten(0, 1)[RealTargets];
        var loss = LabelSmoothedCrossEntropy.Evaluate(logits, Targets, GoldenModel.LabelSmoothing, backward);
        if (backward)
        {
            logits.backward([loss.Gradient!]);
        }

        return loss with { Gradient = null };
    }
}
