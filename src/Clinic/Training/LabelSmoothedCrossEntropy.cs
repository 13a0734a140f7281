using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>A batch's loss: sums over its target tokens, in nats, and the loss's gradient with respect to the logits.</summary>
/// <param name="Loss">Label-smoothed cross entropy, summed.</param>
/// <param name="Nll">Negative log-likelihood of the targets, summed.</param>
/// <param name="Gradient">Derivative of <paramref name="Loss"/>, <c>[tokens, vocabulary]</c>; null unless asked for.</param>
public sealed record BatchLoss(double Loss, double Nll, Tensor? Gradient);

/// <summary>
/// Label-smoothed cross entropy as the reference sums it, over target tokens n with logits z and target t:
/// <c>(1-eps) * -log p_t + (eps/V) * sum_v -log p_v</c>, <c>p = softmax(z)</c>; the sum runs over the whole vocabulary.
/// </summary>
/// <remarks>
/// The gradient, <c>p - eps/V - (1-eps) [v = t]</c>, is written down rather than traced by autograd: half the passes over the
/// largest tensor of a step.
/// </remarks>
public static class LabelSmoothedCrossEntropy
{
    /// <summary>The loss of <paramref name="logits"/> <c>[tokens, vocabulary]</c> for <paramref name="targets"/> <c>[tokens]</c> (int64, no padding).</summary>
    public static BatchLoss Evaluate(Tensor logits, Tensor targets, double smoothing, bool withGradient)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var vocabulary = logits.shape[1];
        var share = smoothing / vocabulary;
        using Scalar count = vocabulary, spread = share, atTarget = smoothing - 1; // held until the end: see HeldScalars
        var index = targets.unsqueeze(1);
        var logNormalizer = logits.logsumexp(1, keepdim: true);
        var nll = (logNormalizer - logits.gather(1, index)).sum(ScalarType.Float64).item<double>();
        var all = ((logNormalizer * count) - logits.sum(1, keepdim: true)).sum(ScalarType.Float64).item<double>();
        var loss = ((1 - smoothing) * nll) + (share * all);
        if (!withGradient)
        {
            return new BatchLoss(loss, nll, null);
        }

        var gradient = (logits.detach() - logNormalizer).exp_().sub_(spread);
        gradient.scatter_add_(1, index, full_like(index, atTarget, gradient.dtype));
        return new BatchLoss(loss, nll, gradient.MoveToOuterDisposeScope());
    }
}
