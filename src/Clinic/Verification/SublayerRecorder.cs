using TransformerClinic.Interop;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Verification;

/// <summary>
/// Keeps what a model's sublayers compute in one pass, under the reference's names: <c>encoder.input</c>,
/// <c>encoder.layers.0.self_attn.branch</c>, <c>encoder.layers.0.output</c>, <c>decoder.last_layer_output</c>; each <c>[batch, length, dim]</c>.
/// </summary>
internal sealed class SublayerRecorder : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);

    /// <summary>Begins to watch a model.</summary>
    public SublayerRecorder(Transformer model)
    {
        Watch("encoder", [.. model.Encoder.Layers.Select(layer => layer.Sublayers.ToList())], ["self_attention", "feed_forward"]);
        Watch("decoder", [.. model.Decoder.Layers.Select(layer => layer.Sublayers.ToList())], ["self_attention", "cross_attention", "feed_forward"]);
    }

    /// <summary>What was computed under a name, or null.</summary>
    public Tensor? this[string name] => _values.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values.Values)
        {
            value.Dispose();
        }
    }

    private void Watch(string stack, IReadOnlyList<IReadOnlyList<Sublayer>> layers, string[] names)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            for (var j = 0; j < names.Length; j++)
            {
                var (layer, sublayer) = (i, j);
                layers[i][j].Observer = (shortcut, branch, output) =>
                {
                    if (layer == 0 && sublayer == 0)
                    {
                        Keep($"{stack}.input", shortcut);
                    }

                    Keep($"{stack}.layers.{layer}.{FairseqNames.OfSublayer(names[sublayer])}.branch", branch);
                    if (sublayer == names.Length - 1)
                    {
                        Keep($"{stack}.layers.{layer}.output", output);
                        Keep($"{stack}.last_layer_output", output);
                    }
                };
            }
        }
    }

    private void Keep(string name, Tensor value)
    {
        _values.GetValueOrDefault(name)?.Dispose();
        _values[name] = value.detach().clone().DetachFromDisposeScope();
    }
}
