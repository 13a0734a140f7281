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
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            _watches.Add(
                sublayer.Residual.Watch((shortcut, branch, output) => Keep(address, shortcut, branch, output))
            );
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

    private void Keep(SublayerAddress address, Tensor shortcut, Tensor branch, Tensor output)
    {
        if (address is { Layer: 0, Kind: SublayerKind.SelfAttention })
        {
            Keep($"{FairseqNames.OfStack(address.Stack)}.input", shortcut);
        }

        Keep($"{FairseqNames.OfSublayer(address)}.branch", branch);
        if (address.Kind == SublayerKind.FeedForward)
        {
            Keep($"{FairseqNames.OfLayer(address)}.output", output);
            Keep($"{FairseqNames.OfStack(address.Stack)}.last_layer_output", output);
        }
    }

    private void Keep(string name, Tensor value)
    {
        _values.GetValueOrDefault(name)?.Dispose();
        _values[name] = value.detach().clone().DetachFromDisposeScope();
    }
}
