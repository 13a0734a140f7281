using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// What a decoder's last layer attends to in the source, averaged over its heads. Alignments and coverage are computed
/// from this quantity, as in fairseq.
/// </summary>
internal static class CrossAttention
{
    /// <summary>
    /// The attention <c>[batch, targetLength, sourceLength]</c> of the one pass that <paramref name="pass"/> runs on
    /// this thread; it belongs to no dispose scope.
    /// </summary>
    public static Tensor During(Transformer model, Action pass)
    {
        var attention = (MultiHeadAttention)model.Decoder.Layers[^1].CrossAttention.Branch;
        var thread = Environment.CurrentManagedThreadId;
        Tensor? seen = null;

        // Other threads may be using the same model.
        void Keep(Tensor weights) =>
            seen = Environment.CurrentManagedThreadId == thread ? weights.mean([1]).DetachFromDisposeScope() : seen;
        lock (attention)
        {
            attention.WeightsObserver += Keep;
        }

        try
        {
            pass();
        }
        finally
        {
            lock (attention)
            {
                attention.WeightsObserver -= Keep;
            }
        }

        return seen!;
    }
}
