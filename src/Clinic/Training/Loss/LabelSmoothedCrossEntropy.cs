using TorchSharp;
using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Loss;

/// <summary>
/// A batch's loss: sums over its target tokens, in nats, and the loss's gradient with respect to the logits.
/// </summary>
/// <param name="Loss">Label-smoothed cross entropy, summed.</param>
/// <param name="Nll">Negative log-likelihood of the targets, summed.</param>
/// <param name="Gradient">
/// Derivative of <paramref name="Loss"/>, <c>[tokens, vocabulary]</c>; null unless asked for.
/// </param>
internal sealed record BatchLoss(double Loss, double Nll, Tensor? Gradient);

/// <summary>
/// Label-smoothed cross entropy as the reference sums it, over target tokens n with logits z and target t:
/// <c>(1-eps) * -log p_t + (eps/V) * sum_v -log p_v</c>, <c>p = softmax(z)</c>; the sum runs over the whole vocabulary,
/// which words that the model's output bias rules out are not in.
/// </summary>
/// <remarks>
/// The gradient, <c>p - eps/V - (1-eps) [v = t]</c>, is written down rather than traced by autograd: half the passes
/// over the largest tensor of a step.
/// </remarks>
internal static class LabelSmoothedCrossEntropy
{
    /// <summary>
    /// The loss of <paramref name="logits"/> <c>[tokens, vocabulary]</c> for <paramref name="targets"/> <c>[tokens]</c>
    /// (int64, no padding). The gradient has the logits' type.
    /// </summary>
    /// <param name="logits">The logits; those of words that are ruled out are minus infinity.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="smoothing">eps</param>
    /// <param name="withGradient">Whether the gradient is wanted.</param>
    /// <param name="ruledOut">Which words are ruled out, boolean <c>[vocabulary]</c>; null for none.</param>
    public static BatchLoss Evaluate(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        Tensor? ruledOut = null
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var loss = (logits.device_type, logits.dtype) switch
        {
            (DeviceType.CPU, ScalarType.Float32) => ByKernel<float, Float32>(
                logits.contiguous(),
                targets,
                smoothing,
                withGradient,
                ruledOut
            ),
            (DeviceType.CPU, ScalarType.BFloat16) => ByKernel<ushort, Bfloat16>(
                logits.contiguous(),
                targets,
                smoothing,
                withGradient,
                ruledOut
            ),
            _ => ByOperators(logits, targets, smoothing, withGradient, ruledOut),
        };
        loss.Gradient?.MoveToOuterDisposeScope();
        return loss;
    }

    private static unsafe BatchLoss ByKernel<T, TNumbers>(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        Tensor? ruledOut
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        var (rows, vocabulary) = ((int)logits.size(0), (int)logits.size(1));
        var gradient = withGradient ? empty_like(logits) : null;
        var kernel = new SmoothedLoss(vocabulary, smoothing, Words(ruledOut));
        var from = TensorMemory.Of<T>(logits);
        var to = TensorMemory.Of<T>(gradient);
        var target = TensorMemory.Of<long>(targets);
        for (long row = 0; row < rows; row++)
        {
            kernel.Add<T, TNumbers>(
                from + (row * vocabulary),
                target[row],
                to is null ? null : to + (row * vocabulary)
            );
        }

        return new BatchLoss(kernel.Loss, kernel.Nll, gradient);
    }

    /// <summary>By libtorch's operators: any device and type, several passes.</summary>
    private static BatchLoss ByOperators(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        Tensor? ruledOut
    )
    {
        var vocabulary = logits.shape[1] - (ruledOut?.sum().item<long>() ?? 0);
        var share = smoothing / vocabulary;
        using Scalar count = vocabulary,
            spread = share,
            atTarget = smoothing - 1; // held until the end: see HeldScalars
        var index = targets.unsqueeze(1);
        var logNormalizer = logits.logsumexp(1, keepdim: true);
        var nll = (logNormalizer - logits.gather(1, index)).sum(ScalarType.Float64).item<double>();
        var all = ((logNormalizer * count) - WithoutRuledOut(logits, ruledOut).sum(1, keepdim: true))
            .sum(ScalarType.Float64)
            .item<double>();
        var loss = ((1 - smoothing) * nll) + (share * all);
        if (!withGradient)
        {
            return new BatchLoss(loss, nll, null);
        }

        var gradient = (logits.detach() - logNormalizer).exp_().sub_(spread);
        gradient.scatter_add_(1, index, full_like(index, atTarget, gradient.dtype));
        return new BatchLoss(loss, nll, WithoutRuledOut(gradient, ruledOut));
    }

    private static long[] Words(Tensor? ruledOut)
    {
        var words = new List<long>();
        var flags = ruledOut is null ? [] : ruledOut.bytes;
        for (var word = 0; word < flags.Length; word++)
        {
            if (flags[word] != 0)
            {
                words.Add(word);
            }
        }

        return [.. words];
    }

    private static Tensor WithoutRuledOut(Tensor rows, Tensor? ruledOut) =>
        ruledOut is null ? rows : rows.masked_fill(ruledOut, HeldScalars.Zero);
}
