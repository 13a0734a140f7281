using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// Changes a shard of flat parameters by its flat gradients, update by update. What it remembers from one update to the
/// next are tensors as long as the shard, each under the name by which checkpoints keep it.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly Shard _shard;

    /// <summary>An optimizer at the beginning: its state is zero.</summary>
    /// <param name="parameters">What it changes; not owned.</param>
    /// <param name="shard">The part of them that it changes.</param>
    /// <param name="state">Names of the tensors that it remembers.</param>
    protected Optimizer(FlatParameters parameters, Shard shard, params IReadOnlyList<string> state)
    {
        using var scope = NewDisposeScope();
        (_parameters, _shard) = (parameters, shard);
        var changed = shard.In(parameters.Values);
        State = [.. state.Select(name => (name, zeros_like(changed).DetachFromDisposeScope()))];
    }

    /// <summary>
    /// What it remembers, each as long as the shard; with the number of the update, all that resuming needs.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Values)> State { get; }

    /// <summary>An optimizer by its name.</summary>
    /// <param name="parameters">What it changes; not owned.</param>
    /// <param name="options">Its constants.</param>
    /// <param name="shard">The part of the parameters that it changes; null for all.</param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public static Optimizer Create(FlatParameters parameters, OptimizerOptions options, Shard? shard = null)
    {
        var changed = shard ?? new Shard(0, parameters.Count);
        return Valid(options).Name switch
        {
            OptimizerName.Radam => new RAdam(parameters, changed, options),
            OptimizerName.Adam => new Adam(parameters, changed, options),
            OptimizerName.Sgd => new Sgd(parameters, changed, options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Name, "This optimizer is not known."),
        };
    }

    /// <summary>
    /// Makes update number <paramref name="update"/> (from 1) with the flat gradients times
    /// <paramref name="gradientScale"/>.
    /// </summary>
    public void Step(long update, double learningRate, double gradientScale)
    {
        using var scope = NewDisposeScope();
        Apply(_shard.In(_parameters.Values), _shard.In(_parameters.Gradients), update, learningRate, gradientScale);
    }

    /// <summary>The same options, if they are valid.</summary>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    protected static OptimizerOptions Valid(OptimizerOptions options) =>
        OptionCheck.Valid(options, "training.optimizer");

    /// <summary>Makes an update: changes the values of the shard and the state.</summary>
    protected abstract void Apply(
        Tensor values,
        Tensor gradients,
        long update,
        double learningRate,
        double gradientScale
    );

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var (_, values) in State)
        {
            values.Dispose();
        }
    }
}
