using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Follows the components of one stack's states through a pass and measures them at every state.</summary>
internal sealed class StackDecomposition(string stack, Tensor? real) : IDisposable
{
    // Far above the rounding of float32 over hundreds of sublayers, far below what a normalization does.
    private const double MostRounding = 1e-3;

    private readonly ExactComponents _exact = new();
    private readonly PlottedComponents _plotted = new();
    private readonly List<double[]> _beta = [];
    private readonly List<double[]> _deviations = [];
    private readonly List<double[]> _plottedDeviations = [];
    private double _largestDifference;

    /// <summary>Continues by one sublayer.</summary>
    /// <exception cref="InvalidOperationException">The components of its output are not known.</exception>
    public void Add(SublayerPass pass)
    {
        if (_exact.Count == 0)
        {
            _exact.Begin(pass.Shortcut);
            _plotted.Begin(pass.Shortcut);
            Measure(pass.Shortcut);
        }

        _exact.Append(pass);
        _plotted.Append(pass);
        Measure(pass.Output);
        Check(pass);
    }

    /// <summary>The measurements.</summary>
    public StackDependency Result() => new(stack, _beta, _deviations, _plottedDeviations, _largestDifference);

    /// <inheritdoc/>
    public void Dispose()
    {
        _exact.Dispose();
        _plotted.Dispose();
    }

    private void Check(SublayerPass pass)
    {
        using var scope = NewDisposeScope();
        if (_largestDifference > MostRounding * pass.Output.abs().max().to(ScalarType.Float64).item<double>())
        {
            throw new InvalidOperationException(
                $"The output of {pass.Place} is not made of the stack's "
                    + "input and the branches so far. Either something changes the stream between this sublayer and "
                    + "the one before it, such as a normalization that is not given to the connection (norm: ...), "
                    + "or the sublayers belong to two stacks (StackOf), or the connection is of an unknown "
                    + "type."
            );
        }
    }

    private void Measure(Tensor state)
    {
        _beta.Add(_exact.Dependencies(state, real));
        _deviations.Add(_exact.MeanDeviations());
        _plottedDeviations.Add(_plotted.MeanDeviations());
        _largestDifference = Math.Max(_largestDifference, _exact.DifferenceFrom(state));
    }
}
