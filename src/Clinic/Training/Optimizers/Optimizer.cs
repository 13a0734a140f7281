using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// Changes flat parameters by flat gradients, update by update. What it remembers from one update to the next are
/// tensors as long as the parameters, each under the name by which checkpoints keep it.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    private readonly FlatParameters _parameters;

    /// <summary>An optimizer at the beginning: its state is zero.</summary>
    /// <param name="parameters">What it changes; not owned.</param>
    /// <param name="state">Names of the tensors that it remembers.</param>
    protected Optimizer(FlatParameters parameters, params IReadOnlyList<string> state)
    {
        _parameters = parameters;
        State = [.. state.Select(name => (name, zeros_like(parameters.Values).DetachFromDisposeScope()))];
    }

    /// <summary>
    /// What it remembers, each <c>[count]</c>; with the number of the update, all that resuming needs.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Values)> State { get; }

    /// <summary>An optimizer by its name.</summary>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public static Optimizer Create(FlatParameters parameters, OptimizerOptions options) =>
        Valid(options).Name switch
        {
            OptimizerName.Radam => new RAdam(parameters, options),
            OptimizerName.Adam => new Adam(parameters, options),
            OptimizerName.Sgd => new Sgd(parameters, options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Name, "This optimizer is not known."),
        };

    /// <summary>
    /// Makes update number <paramref name="update"/> (from 1) with the flat gradients times
    /// <paramref name="gradientScale"/>.
    /// </summary>
    public void Step(long update, double learningRate, double gradientScale) =>
        Apply(_parameters, update, learningRate, gradientScale);

    /// <summary>The same options, if they are valid.</summary>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    protected static OptimizerOptions Valid(OptimizerOptions options) =>
        OptionCheck.Valid(options, "training.optimizer");

    /// <summary>Makes an update: changes the parameters and the state.</summary>
    protected abstract void Apply(FlatParameters parameters, long update, double learningRate, double gradientScale);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, values) in State)
        {
            values.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
