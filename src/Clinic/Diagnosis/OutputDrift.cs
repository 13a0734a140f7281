using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>How far a model's states have come from those of a moment.</summary>
/// <param name="Encoder">After <c>1 .. n</c> sublayers of the encoder, <c>E |x^_N(W_t) - x^_N(W_0)|^2</c> of a number of the state, as in <see cref="StackOutputChange.Changes"/>.</param>
/// <param name="Decoder">The same of the decoder, which reads the changed encoder.</param>
public sealed record StateDrift(IReadOnlyList<double> Encoder, IReadOnlyList<double> Decoder);

/// <summary>
/// Amplification in action: <c>|F(x, W_t) - F(x, W_0)|^2</c> of a fixed batch x while an optimizer changes W. States are standardised over a token's
/// channels, so a change of 2 means that they have nothing left in common. Owns the states of W_0, one a sublayer.
/// </summary>
public sealed class OutputDrift : IDisposable
{
    private readonly Transformer _model;
    private readonly ModelInput _input;
    private readonly List<Tensor> _first = [];

    /// <summary>Keeps the states of the weights as they are.</summary>
    /// <param name="model">The model that is going to be trained.</param>
    /// <param name="input">What it reads here; not owned, and not to change.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is under way.</exception>
    public OutputDrift(Transformer model, ModelInput input)
    {
        (_model, _input) = (model, input);
        Watch((pass, real) => _first.Add(pass.Standardised(real).DetachFromDisposeScope()));
    }

    /// <summary>Measures one forward pass without dropout, which changes nothing.</summary>
    /// <exception cref="InvalidOperationException">A pass with dropout is under way.</exception>
    public StateDrift Measure()
    {
        var changes = new Dictionary<string, List<double>> { [SublayerPlace.Encoder] = [], [SublayerPlace.Decoder] = [] };
        var sublayer = 0;
        Watch((pass, real) => changes[pass.Place.Stack].Add(pass.ChangeFrom(_first[sublayer++], real)));
        return new StateDrift(changes[SublayerPlace.Encoder], changes[SublayerPlace.Decoder]);
    }

    /// <inheritdoc/>
    public void Dispose() => _first.ForEach(state => state.Dispose());

    private void Watch(Action<SublayerPass, Tensor> observer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var real = _model.RealPositions(_input.Source, _input.PreviousOutput);
        using var watch = new SublayerWatch(_model, pass => observer(pass, real[pass.Place.Stack]));
        _input.Forward(_model);
    }
}
