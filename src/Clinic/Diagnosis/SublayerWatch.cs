using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Looks on at all sublayers of a model for as long as it lives; observers that were there before see the pass as well and
/// are alone again afterwards.
/// </summary>
internal sealed class SublayerWatch : IDisposable
{
    private readonly List<(Sublayer Sublayer, Action<Tensor, Tensor, Tensor>? Before)> _watched = [];

    /// <summary>Begins to watch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="observer">Told what each sublayer computes, in forward order, under the rules of <see cref="Sublayer.Observer"/>.</param>
    public SublayerWatch(Transformer model, Action<SublayerPass> observer)
    {
        foreach (var (place, sublayer) in SublayerPlace.Of(model))
        {
            _watched.Add((sublayer, sublayer.Observer));
            sublayer.Observer += (shortcut, branch, output) => observer(new SublayerPass(place, sublayer.Residual, shortcut, branch, output));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (sublayer, before) in _watched)
        {
            sublayer.Observer = before;
        }
    }
}
