using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// The log-probabilities of one model, <c>log_softmax(z / temperature)</c>, or of several: <c>log((1/n) sum_m softmax(z_m / temperature))</c>, as
/// fairseq's ensembles compute them.
/// </summary>
internal static class ModelAverage
{
    /// <summary>From each model's logits <c>[..., vocabulary]</c> to log-probabilities of that shape, in float64 if the logits are, else in float32.</summary>
    public static Tensor LogProbabilities(IReadOnlyList<Tensor> logits, double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor[] each = [.. logits.Select(model => nn.functional.log_softmax(Divided(model, temperature), -1))];
        if (each is [var only])
        {
            return only.MoveToOuterDisposeScope();
        }

        using Scalar logCount = Math.Log(each.Length);
        return (stack(each).logsumexp(0) - logCount).MoveToOuterDisposeScope();
    }

    private static Tensor Divided(Tensor logits, double temperature)
    {
        var precise = logits.dtype == ScalarType.Float64 ? logits : logits.to(ScalarType.Float32);
        using Scalar divisor = temperature;
        return temperature == 1 ? precise : precise / divisor;
    }
}
