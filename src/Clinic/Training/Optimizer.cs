using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// Adam-type optimizers with decoupled weight decay over flat parameters. Update t with gradient g and learning rate lr:
/// <c>m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p = p (1 - wd lr) - step m / (sqrt(v) + eps)</c>. Subclasses decide
/// <c>step</c>, which holds the bias correction. As in the reference, eps is added to the uncorrected root, and decay
/// reaches every parameter.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly OptimizerOptions _options;

    /// <summary>An optimizer with zero moments.</summary>
    protected Optimizer(FlatParameters parameters, OptimizerOptions options)
    {
        (_parameters, _options) = (parameters, options);
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>Running mean of gradients, <c>[count]</c>.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, <c>[count]</c>.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>An optimizer by its name.</summary>
    public static Optimizer Create(FlatParameters parameters, OptimizerOptions options) => options.Name switch
    {
        OptimizerName.Radam => new RAdam(parameters, options),
        OptimizerName.Adam => new Adam(parameters, options),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Name, "This optimizer is not known."),
    };

    /// <summary>Makes update number <paramref name="update"/> (from 1) with the flat gradients times <paramref name="gradientScale"/>.</summary>
    public void Step(long update, double learningRate, double gradientScale)
    {
        var constants = new MomentUpdate(
            _options.Beta1,
            _options.Beta2,
            _options.Epsilon,
            gradientScale,
            Decay: 1 - (_options.WeightDecay * learningRate),
            StepSize: learningRate * StepFactor(update, _options.Beta1, _options.Beta2));
        constants.Apply(_parameters.Values, _parameters.Gradients, FirstMoment, SecondMoment);
    }

    /// <summary>The step for a learning rate of 1 at update t; 0 where no step is taken.</summary>
    protected abstract double StepFactor(long t, double beta1, double beta2);

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        GC.SuppressFinalize(this);
    }
}
