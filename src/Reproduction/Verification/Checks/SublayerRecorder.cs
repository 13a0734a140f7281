using TransformerClinic.Diagnosis;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Keeps what a model's sublayers compute in one pass, under the reference's names: <c>encoder.input</c>,
/// <c>encoder.layers.0.self_attn.branch</c>, <c>encoder.layers.0.output</c>, <c>decoder.last_layer_output</c>; each
/// <c>[batch, length, dim]</c>.
/// </summary>
internal sealed class SublayerRecorder : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _watches = [];

    /// <summary>Starts to observe a model.</summary>
    public SublayerRecorder(Transformer model)
    {
        foreach (var (place, sublayer) in SublayerPlace.Of(model))
        {
            _watches.Add(sublayer.Residual.Watch((shortcut, branch, output) => Keep(place, shortcut, branch, output)));
        }
    }

    /// <summary>The value computed under a name, or null.</summary>
    public Tensor? this[string name] => _values.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _watches.ForEach(watch => watch.Dispose());
        foreach (var value in _values.Values)
        {
            value.Dispose();
        }
    }

    private void Keep(SublayerPlace place, Tensor shortcut, Tensor branch, Tensor output)
    {
        if (place is { Layer: 0, Name: SublayerPlace.SelfAttention })
        {
            Keep($"{place.Stack}.input", shortcut);
        }

        Keep($"{place.Stack}.layers.{place.Layer}.{FairseqNames.OfSublayer(place.Name)}.branch", branch);
        if (place.Name == SublayerPlace.FeedForward)
        {
            Keep($"{place.Stack}.layers.{place.Layer}.output", output);
            Keep($"{place.Stack}.last_layer_output", output);
        }
    }

    private void Keep(string name, Tensor value)
    {
        _values.GetValueOrDefault(name)?.Dispose();
        _values[name] = value.detach().clone().DetachFromDisposeScope();
    }
}
