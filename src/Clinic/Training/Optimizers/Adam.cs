namespace TransformerClinic.Training.Optimizers;

/// <summary>Adam (Kingma and Ba 2015) as fairseq computes it: <c>step = lr sqrt(1 - b2^t) / (1 - b1^t)</c>.</summary>
internal sealed class Adam(FlatParameters parameters, Shard shard, OptimizerOptions options)
    : MomentOptimizer(parameters, shard, options)
{
    /// <inheritdoc/>
    protected override double StepFactor(long t, double beta1, double beta2) =>
        Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t));
}
