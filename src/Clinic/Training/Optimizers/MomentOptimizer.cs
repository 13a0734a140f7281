using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// Adam-type optimizers with decoupled weight decay. Update t with gradient g and learning rate lr:
/// <c>m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p = p (1 - wd lr) - step m / (sqrt(v) + eps)</c>. Subclasses decide
/// <c>step</c>, which holds the bias correction. As in the reference, eps is added to the uncorrected root, and decay
/// reaches every parameter.
/// </summary>
internal abstract class MomentOptimizer(FlatParameters parameters, Shard shard, OptimizerOptions options)
    : Optimizer(parameters, shard, "first_moment", "second_moment")
{
    private readonly OptimizerOptions _options = Valid(options);
    private FusedMomentUpdate? _fused;

    /// <inheritdoc/>
    protected override void Apply(
        Tensor values,
        Tensor gradients,
        long update,
        double learningRate,
        double gradientScale
    )
    {
        var constants = new MomentUpdate(
            _options.Beta1,
            _options.Beta2,
            _options.Epsilon,
            gradientScale,
            Decay: 1 - (_options.WeightDecay * learningRate),
            StepSize: learningRate * StepFactor(update, _options.Beta1, _options.Beta2)
        );
        var (first, second) = (State[0].Values, State[1].Values);
        if (values.device_type == DeviceType.CPU || constants.StepSize == 0)
        {
            constants.Apply(values, gradients, first, second);
        }
        else
        {
            _fused ??= new FusedMomentUpdate();
            _fused.Apply(constants, values, gradients, first, second);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _fused?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The step for a learning rate of 1 at update t; 0 where no step is taken.</summary>
    protected abstract double StepFactor(long t, double beta1, double beta2);
}
