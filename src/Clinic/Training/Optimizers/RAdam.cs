namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// Rectified Adam (Liu et al. 2020, "On the Variance of the Adaptive Learning Rate and Beyond") as the Admin authors'
/// code computes it. With <c>s_inf = 2/(1-b2) - 1</c> and <c>s = s_inf - 2 t b2^t / (1 - b2^t)</c>, Adam's step is
/// multiplied by <c>sqrt((s-4)/(s_inf-4) * (s-2)/s * s_inf/(s_inf-2))</c>.
/// </summary>
/// <remarks>
/// While s is below 5 (the first five updates for b2 from 0.98 to 0.999) no step is taken, only weight decay; the
/// published algorithm would take a momentum step there. TorchSharp's own RAdam multiplies by the learning rate twice.
/// </remarks>
internal sealed class RAdam(FlatParameters parameters, Shard shard, OptimizerOptions options)
    : MomentOptimizer(parameters, shard, options)
{
    /// <inheritdoc/>
    protected override double StepFactor(long t, double beta1, double beta2) => Factor(t, beta1, beta2);

    /// <summary>The step for a learning rate of 1 at update t, bias correction and rectification in it.</summary>
    internal static double Factor(long t, double beta1, double beta2)
    {
        var power = Math.Pow(beta2, t);
        var limit = (2 / (1 - beta2)) - 1;
        var length = limit - (2 * t * power / (1 - power));
        return length < 5
            ? 0
            : Math.Sqrt((1 - power) * (length - 4) / (limit - 4) * (length - 2) / length * limit / (limit - 2))
                / (1 - Math.Pow(beta1, t));
    }
}
