using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>
/// One of the reference's batches: sources are padded on the left, targets on the right. Owned by the current dispose
/// scope.
/// </summary>
internal sealed class ReferenceBatch
{
    private readonly Tensor _realTargets;

    /// <summary>A batch from its file.</summary>
    public ReferenceBatch(ReferenceTensors tensors)
    {
        using Scalar padding = Vocabulary.Pad;
        Source = tensors["src_tokens"];
        PreviousOutput = tensors["prev_output_tokens"];
        var target = tensors["target"].flatten();
        _realTargets = target.ne(padding);
        Targets = target[_realTargets];
    }

    /// <summary>Source tokens, <c>[batch, sourceLength]</c>.</summary>
    public Tensor Source { get; }

    /// <summary>Previous output tokens, <c>[batch, targetLength]</c>.</summary>
    public Tensor PreviousOutput { get; }

    /// <summary>The targets that are not padding, <c>[tokens]</c>.</summary>
    public Tensor Targets { get; }

    /// <summary>Number of targets that are not padding.</summary>
    public int Tokens => (int)Targets.shape[0];

    /// <summary>A batch of a folder.</summary>
    public static ReferenceBatch Open(ReferenceFolder folder, string name)
    {
        using var tensors = folder.Open(name);
        return new ReferenceBatch(tensors);
    }

    /// <summary>
    /// The summed loss of logits <c>[batch, targetLength, vocabulary]</c>; its gradient is added to the parameters' on
    /// request.
    /// </summary>
    public BatchLoss Loss(Tensor logits, double smoothing, bool backward)
    {
        using var scope = NewDisposeScope();
        var real = logits.flatten(0, 1)[_realTargets];
        var loss = LabelSmoothedCrossEntropy.Evaluate(real, Targets, smoothing, backward);
        if (backward)
        {
            real.backward([loss.Gradient!]);
        }

        return loss with
        {
            Gradient = null,
        };
    }

    /// <summary>The summed loss of a model, whose gradients it adds to.</summary>
    public BatchLoss AddGradients(Transformer model, double smoothing)
    {
        using var scope = NewDisposeScope();
        return Loss(model.Forward(Source, PreviousOutput), smoothing, backward: true);
    }
}
