using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Loss;

/// <summary>
/// A batch's loss: sums over its target tokens, in nats, and the loss's gradient with respect to the logits.
/// </summary>
/// <param name="Sums">
/// Label-smoothed cross entropy and negative log-likelihood of the targets, summed; on a device perhaps not computed
/// yet.
/// </param>
/// <param name="Gradient">
/// Derivative of <see cref="Loss"/>, <c>[tokens, vocabulary]</c>; null unless asked for.
/// </param>
internal sealed record BatchLoss(DeviceNumbers Sums, Tensor? Gradient)
{
    /// <summary>Label-smoothed cross entropy, summed; waits for the device.</summary>
    public double Loss => Sums[0];

    /// <summary>Negative log-likelihood of the targets, summed; waits for the device.</summary>
    public double Nll => Sums[1];
}

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
    /// <param name="byOperators">
    /// Whether the processor, too, computes it by operators, as other devices do: to compare them.
    /// </param>
    /// <param name="inPlace">Whether the gradient may take the place of the logits.</param>
    public static BatchLoss Evaluate(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        Tensor? ruledOut = null,
        bool byOperators = false,
        bool inPlace = false
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var loss = (byOperators ? DeviceType.CUDA : logits.device_type, logits.dtype) switch
        {
            (DeviceType.CPU, ScalarType.Float32) => ByKernel<float, Float32>(
                logits.contiguous(),
                targets,
                smoothing,
                withGradient,
                inPlace,
                ruledOut
            ),
            (DeviceType.CPU, ScalarType.BFloat16) => ByKernel<ushort, Bfloat16>(
                logits.contiguous(),
                targets,
                smoothing,
                withGradient,
                inPlace,
                ruledOut
            ),
            _ => ByOperators(logits, targets, smoothing, withGradient, ruledOut),
        };
        loss.Gradient?.MoveToOuterDisposeScope();
        loss.Sums.MoveToOuterDisposeScope();
        if (logits.device_type == DeviceType.CPU && !byOperators)
        {
            loss.Sums.Read(); // nothing to wait for
        }

        return loss;
    }

    private static unsafe BatchLoss ByKernel<T, TNumbers>(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        bool inPlace,
        Tensor? ruledOut
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        var (rows, vocabulary) = ((int)logits.size(0), (int)logits.size(1));
        var gradient =
            !withGradient ? null
            : inPlace ? logits.detach()
            : empty_like(logits);
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

        return new BatchLoss(new DeviceNumbers(kernel.Loss, kernel.Nll), gradient);
    }

    /// <summary>
    /// By libtorch's operators: any device and type, several passes. Nothing in it waits for the device.
    /// </summary>
    private static BatchLoss ByOperators(
        Tensor logits,
        Tensor targets,
        double smoothing,
        bool withGradient,
        Tensor? ruledOut
    )
    {
        // In bfloat16 the logarithm of the normalizer would be rounded by up to 0.03, and so each row of p by 3 %.
        var exact = logits.detach().to(logits.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        using Scalar vocabulary = logits.size(1),
            eps = smoothing,
            rest = 1 - smoothing,
            atTarget = smoothing - 1; // held until the end: see HeldScalars
        var words = full([1], vocabulary, ScalarType.Float64, logits.device);
        words = ruledOut is null ? words : words - ruledOut.sum();
        var share = words.reciprocal().mul_(eps);
        var index = targets.unsqueeze(1);
        var logNormalizer = exact.logsumexp(1, keepdim: true);
        var nll = (logNormalizer - exact.gather(1, index)).sum(ScalarType.Float64);
        var perWord = (logNormalizer * words.to(exact.dtype)) - WithoutRuledOut(exact, ruledOut).sum(1, keepdim: true);
        var loss = (nll * rest).add((share * perWord.sum(ScalarType.Float64)).squeeze(0), HeldScalars.One);
        var sums = new DeviceNumbers(stack([loss, nll]));
        if (!withGradient)
        {
            return new BatchLoss(sums, null);
        }

        var gradient = (exact - logNormalizer).exp_().sub_(share.to(exact.dtype));
        gradient.scatter_add_(1, index, full_like(index, atTarget, gradient.dtype));
        return new BatchLoss(sums, WithoutRuledOut(gradient, ruledOut).to(logits.dtype));
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
