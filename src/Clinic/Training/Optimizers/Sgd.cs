using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum as <c>torch.optim.SGD</c> computes it. Update with gradient g and learning
/// rate lr: <c>g = g + wd p; b = momentum b + g; p = p - lr b</c>, b zero at the beginning. Weight decay is coupled:
/// momentum carries it on. Without momentum nothing is remembered.
/// </summary>
internal sealed class Sgd(FlatParameters parameters, Shard shard, OptimizerOptions options)
    : Optimizer(parameters, shard, options.Momentum == 0 ? [] : ["momentum"])
{
    private readonly OptimizerOptions _options = Valid(options);

    /// <inheritdoc/>
    protected override void Apply(
        Tensor values,
        Tensor gradients,
        long update,
        double learningRate,
        double gradientScale
    ) =>
        new SgdUpdate(_options.Momentum, _options.WeightDecay, gradientScale, learningRate).Apply(
            values,
            gradients,
            State.Count == 0 ? null : State[0].Values
        );
}
