using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Amplification in action: <c>|F(x, W_t) - F(x, W_0)|^2</c> of a fixed batch x while an optimizer changes W. States
/// are standardized over a token's channels, so a change of 2 means that they have nothing left in common. Owns the
/// states of W_0, one per sublayer.
/// </summary>
internal sealed class OutputDrift : IDisposable
{
    private readonly DiagnosedPass _pass;
    private readonly List<Tensor> _first = [];

    /// <summary>Keeps the states that the weights give now.</summary>
    /// <param name="pass">
    /// A pass of the model that is going to be trained. What it reads is not owned and must not change.
    /// </param>
    /// <exception cref="InvalidOperationException">The pass ran through no residual connection.</exception>
    public OutputDrift(DiagnosedPass pass)
    {
        _pass = pass;
        Watch(sublayer => _first.Add(sublayer.Standardized(RealOf(sublayer)).DetachFromDisposeScope()));
    }

    /// <summary>Measures one forward pass, which changes nothing.</summary>
    /// <returns>
    /// By stack, after <c>1 .. n</c> sublayers, <c>E |x^_N(W_t) - x^_N(W_0)|^2</c> per number of the state, as in
    /// <see cref="StackOutputChange.Changes"/>.
    /// </returns>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Measure()
    {
        var changes = new OrderedDictionary<string, List<double>>(StringComparer.Ordinal);
        var number = 0;
        Watch(sublayer =>
        {
            changes.TryAdd(sublayer.Place.Stack, []);
            changes[sublayer.Place.Stack].Add(sublayer.ChangeFrom(_first[number++], RealOf(sublayer)));
        });
        return changes.ToDictionary(
            stack => stack.Key,
            stack => (IReadOnlyList<double>)stack.Value,
            StringComparer.Ordinal
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _first.ForEach(state => state.Dispose());

    private Tensor? RealOf(SublayerPass sublayer) => _pass.RealOf(sublayer.Place.Stack);

    private void Watch(Action<SublayerPass> observer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _pass.Run(observer);
    }
}
