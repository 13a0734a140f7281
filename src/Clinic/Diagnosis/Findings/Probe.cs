using TransformerClinic.Data;
using TransformerClinic.Training;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// A batch that an examined model reads, and its loss: label-smoothed cross entropy, summed over the target tokens.
/// Owns its tensors.
/// </summary>
internal sealed class Probe : IDisposable
{
    private readonly Tensor _positions;
    private readonly Tensor _targets;
    private readonly double _smoothing;

    /// <summary>A batch with its loss.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="smoothing">Label smoothing of the loss.</param>
    /// <param name="device">Where its tensors are; null for the processor.</param>
    public Probe(Batch batch, double smoothing, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var tensors = TensorBatch.Of(batch, device ?? CPU);
        Input = new ModelInput(
            tensors.Source.DetachFromDisposeScope(),
            tensors.PreviousOutput.DetachFromDisposeScope()
        );
        (_positions, _targets, _smoothing) = (
            tensors.TargetPositions.DetachFromDisposeScope(),
            tensors.Targets.DetachFromDisposeScope(),
            smoothing
        );
    }

    /// <summary>What the model reads.</summary>
    public ModelInput Input { get; }

    /// <summary>Propagates the loss's derivative back from the logits <c>[batch, length, vocabulary]</c>.</summary>
    public void Backward(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var real = Real(logits);
        real.backward([Evaluate(real, withGradient: true).Gradient!]);
    }

    /// <summary>
    /// The negative log-likelihood of the targets by the logits <c>[batch, length, vocabulary]</c>, in nats per token.
    /// </summary>
    public double Nll(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return Evaluate(Real(logits), withGradient: false).Nll / _targets.numel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Source.Dispose();
        Input.PreviousOutput.Dispose();
        _positions.Dispose();
        _targets.Dispose();
    }

    private Tensor Real(Tensor logits) => logits.view(-1, logits.shape[2]).index_select(0, _positions);

    private BatchLoss Evaluate(Tensor real, bool withGradient)
    {
        // The pass may be of any model, so the logits tell: a word that is ruled out has no probability anywhere.
        var ruledOut = real.detach().isneginf().all(0);
        return LabelSmoothedCrossEntropy.Evaluate(real, _targets, _smoothing, withGradient, ruledOut);
    }
}
