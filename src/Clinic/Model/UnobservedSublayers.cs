using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Sublayers whose observers are not told while this lives: what they compute, they have computed before.</summary>
internal sealed class UnobservedSublayers : IDisposable
{
    private readonly List<(Sublayer Sublayer, Action<Tensor, Tensor, Tensor>? Observer)> _sublayers;

    /// <summary>Takes the observers away.</summary>
    public UnobservedSublayers(IEnumerable<Sublayer> sublayers)
    {
        _sublayers = [.. sublayers.Select(sublayer => (sublayer, sublayer.Observer))];
        _sublayers.ForEach(entry => entry.Sublayer.Observer = null);
    }

    /// <summary>Puts them back.</summary>
    public void Dispose() => _sublayers.ForEach(entry => entry.Sublayer.Observer = entry.Observer);
}
