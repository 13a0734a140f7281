using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// What a decoder's last layer attends to in the source, the mean of its heads: the quantity that alignments and
/// coverage are read from, as fairseq reads them.
/// </summary>
internal static class CrossAttention
{
    /// <summary>
    /// The attention <c>[batch, targetLength, sourceLength]</c> of the one pass that <paramref name="pass"/> makes on
    /// this thread; of no dispose scope.
    /// </summary>
    public static Tensor During(Transformer model, Action pass)
    {
        var attention = (MultiHeadAttention)model.Decoder.Layers[^1].CrossAttention.Branch;
        var thread = Environment.CurrentManagedThreadId;
        Tensor? seen = null;

        // Other threads may be at work with the same model.
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
