using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Observes all branches of a model until it is disposed; observers that were there before see the pass as well, and
/// remain afterwards.
/// </summary>
internal sealed class BranchWatch : IDisposable
{
    private readonly List<Action> _undo = [];

    /// <summary>Starts observing, under the rules of <see cref="Residuals.ResidualConnection.Observer"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="attention">Gets each attention's weights, <c>[batch, heads, queries, keys]</c>.</param>
    /// <param name="hidden">Gets each feed-forward sublayer's hidden layer, <c>[batch, length, hidden]</c>.</param>
    public BranchWatch(Transformer model, Action<SublayerPlace, Tensor> attention, Action<SublayerPlace, Tensor> hidden)
    {
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            var place = new SublayerPlace(address);
            switch (sublayer.Branch)
            {
                case MultiHeadAttention branch:
                    var weights = branch.WeightsObserver;
                    _undo.Add(() => branch.WeightsObserver = weights);
                    branch.WeightsObserver += found => attention(place, found);
                    break;
                case FeedForward branch:
                    var units = branch.Observer;
                    _undo.Add(() => branch.Observer = units);
                    branch.Observer += found => hidden(place, found);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _undo.ForEach(undo => undo());
}
