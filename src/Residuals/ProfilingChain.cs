using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// The Admin connections of one stack in the order in which the profiling pass reaches them, and what it finds there.
/// Encoder and decoder are chains of their own.
/// </summary>
internal sealed class ProfilingChain(string name, int chunks)
{
    private readonly List<Step> _steps = [];
    private readonly int[] _passed = new int[chunks];

    /// <summary>Takes one chunk past one connection, whose omega is set on the way.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not this connection's turn, or its variances are not numbers.
    /// </exception>
    public void Pass(ConnectionPlace place, int chunk, Tensor shortcut, Tensor branch, Tensor? counted)
    {
        var step = StepOf(place, chunk);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        step.Shortcut += Moments.Of(shortcut * place.Connection.Omega, counted);
        step.Branch += Moments.Of(branch, counted);
    }

    /// <summary>Sets the omegas for good.</summary>
    /// <exception cref="InvalidOperationException">The chunks did not all meet the same connections.</exception>
    public IEnumerable<ProfiledConnection> Finish()
    {
        if (_passed.Any(passed => passed != _steps.Count))
        {
            throw new InvalidOperationException(
                "The chunks of the profiling batch met different numbers of residual connections of the chain "
                    + $"'{name}': {string.Join(", ", _passed)}."
            );
        }

        foreach (var (i, step) in _steps.Index())
        {
            var setting = step.Place.Connection.OmegaAfterPass(step.Position);
            step.Place.Connection.Set(setting);
            yield return new ProfiledConnection(
                name,
                i + 1,
                step.Place.Path,
                setting.Omega,
                step.Shortcut.Variance,
                step.Branch.Variance,
                setting.Why
            );
        }
    }

    private Step StepOf(ConnectionPlace place, int chunk)
    {
        var index = _passed[chunk]++;
        if (index < _steps.Count && _steps[index].Place == place)
        {
            return _steps[index];
        }

        if (index < _steps.Count || _steps.Any(step => step.Place == place))
        {
            throw new InvalidOperationException(
                $"The profiling pass met the residual connection {place.Path} of the chain '{name}' twice or out of "
                    + "order; each must be passed exactly once."
            );
        }

        var step = new Step(place, _steps.Count == 0 ? ChainPosition.First : After(_steps[^1]));
        _steps.Add(step);
        place.Connection.Fill(place.Connection.OmegaDuringPass(step.Position));
        return step;
    }

    private ChainPosition After(Step step)
    {
        var (shortcut, branch) = (step.Shortcut.Variance, step.Branch.Variance);
        return double.IsFinite(shortcut + branch)
            ? step.Position.Next(shortcut, branch)
            : throw new InvalidOperationException(
                $"The variances at the residual connection {step.Place.Path} of the chain '{name}' are not numbers "
                    + $"(Var[x * omega] = {shortcut}, Var[f(x)] = {branch}): the batch has no counted position, or "
                    + "the weights are damaged."
            );
    }

    private sealed class Step(ConnectionPlace place, ChainPosition position)
    {
        public ConnectionPlace Place { get; } = place;

        public ChainPosition Position { get; } = position;

        public Moments Shortcut { get; set; }

        public Moments Branch { get; set; }
    }
}
