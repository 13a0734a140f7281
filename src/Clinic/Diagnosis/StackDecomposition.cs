using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Follows the components of one stack's states through a pass and measures them at every state.</summary>
internal sealed class StackDecomposition(string stack, Tensor real) : IDisposable
{
    private readonly ExactComponents _exact = new();
    private readonly PlottedComponents _plotted = new();
    private readonly List<double[]> _beta = [];
    private readonly List<double[]> _deviations = [];
    private readonly List<double[]> _plottedDeviations = [];
    private double _largestDifference;

    /// <summary>The stack's name.</summary>
    public string Stack => stack;

    /// <summary>Goes on by one sublayer.</summary>
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
    }

    /// <summary>What was measured.</summary>
    public StackDependency Result() => new(stack, _beta, _deviations, _plottedDeviations, _largestDifference);

    /// <inheritdoc/>
    public void Dispose()
    {
        _exact.Dispose();
        _plotted.Dispose();
    }

    private void Measure(Tensor state)
    {
        _beta.Add(_exact.Dependencies(state, real));
        _deviations.Add(_exact.MeanDeviations());
        _plottedDeviations.Add(_plotted.MeanDeviations());
        _largestDifference = Math.Max(_largestDifference, _exact.DifferenceFrom(state));
    }
}
