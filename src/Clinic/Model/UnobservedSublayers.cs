using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Sublayers whose observers, of the connections and inside the branches, are not told while this lives: what they
/// compute, they have computed before.
/// </summary>
internal sealed class UnobservedSublayers : IDisposable
{
    private readonly List<IDisposable> _residuals = [];
    private readonly List<(MultiHeadAttention Branch, Action<Tensor>? Observer)> _attention = [];
    private readonly List<(FeedForward Branch, Action<Tensor>? Observer)> _feedForward = [];

    /// <summary>Takes the observers away.</summary>
    public UnobservedSublayers(IEnumerable<Sublayer> sublayers)
    {
        foreach (var sublayer in sublayers)
        {
            _residuals.Add(sublayer.Residual.Unobserved());
            switch (sublayer.Branch)
            {
                case MultiHeadAttention attention:
                    _attention.Add((attention, attention.WeightsObserver));
                    attention.WeightsObserver = null;
                    break;
                case FeedForward feedForward:
                    _feedForward.Add((feedForward, feedForward.Observer));
                    feedForward.Observer = null;
                    break;
            }
        }
    }

    /// <summary>Puts them back.</summary>
    public void Dispose()
    {
        _residuals.ForEach(residual => residual.Dispose());
        _attention.ForEach(entry => entry.Branch.WeightsObserver = entry.Observer);
        _feedForward.ForEach(entry => entry.Branch.Observer = entry.Observer);
    }
}
