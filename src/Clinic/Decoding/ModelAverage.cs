using TorchSharp;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// The log-probabilities of one model, <c>log_softmax(z / temperature)</c>, or of several: <c>log((1/n) sum_m
/// softmax(z_m / temperature))</c>, as fairseq's ensembles compute them.
/// </summary>
internal static class ModelAverage
{
    /// <summary>
    /// Turns each model's logits <c>[..., vocabulary]</c> into log-probabilities of that shape, in float64 if the
    /// logits are, otherwise in float32. The logits may be changed.
    /// </summary>
    public static Tensor LogProbabilities(IReadOnlyList<Tensor> logits, double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor[] each = [.. logits.Select(model => LogSoftmax(Divided(model, temperature)))];
        if (each is [var only])
        {
            return ReferenceEquals(only, logits[0]) ? only : only.MoveToOuterDisposeScope();
        }

        using Scalar logCount = Math.Log(each.Length);
        return (stack(each).logsumexp(0) - logCount).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The log-probabilities of one model whose logits are in memory, in place: the numbers that <see
    /// cref="LogProbabilities(IReadOnlyList{Tensor}, double)"/> gives.
    /// </summary>
    /// <param name="logits"><c>[rows, vocabulary]</c></param>
    /// <param name="rows">Rows.</param>
    /// <param name="vocabulary">Logits of a row.</param>
    /// <param name="temperature">What they are divided by.</param>
    public static unsafe void LogProbabilities(float* logits, int rows, int vocabulary, double temperature)
    {
        for (var row = 0L; row < rows; row++)
        {
            var first = logits + (row * vocabulary);
            if (temperature != 1)
            {
                ElementwiseRow.Divide(first, (float)temperature, vocabulary);
            }

            SoftmaxRow.ApplyLog(first, vocabulary);
        }
    }

    /// <summary>In place if our kernel can compute it.</summary>
    private static unsafe Tensor LogSoftmax(Tensor logits)
    {
        if (logits.device_type != DeviceType.CPU || logits.dtype != ScalarType.Float32 || !logits.is_contiguous())
        {
            return nn.functional.log_softmax(logits, -1);
        }

        var vocabulary = logits.size(-1);
        var rows = (int)(logits.numel() / vocabulary);
        LogProbabilities(TensorMemory.Of<float>(logits), rows, (int)vocabulary, temperature: 1);
        return logits;
    }

    private static Tensor Divided(Tensor logits, double temperature)
    {
        var precise = logits.dtype == ScalarType.Float64 ? logits : logits.to(ScalarType.Float32);
        using Scalar divisor = temperature;
        return temperature == 1 ? precise : precise / divisor;
    }
}
