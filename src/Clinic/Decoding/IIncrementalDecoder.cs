using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// A model working on one batch of sources: it receives the newest token of each hypothesis and predicts what follows.
/// </summary>
internal interface IIncrementalDecoder : IDisposable
{
    /// <summary>
    /// Logits <c>[sources, hypotheses, vocabulary]</c> of the next token after <paramref name="tokens"/> <c>[sources *
    /// hypotheses]</c>, the newest of each hypothesis; the first step takes one hypothesis per source, the end mark.
    /// They may be changed, and are valid until the next step.
    /// </summary>
    Tensor Logits(int[] tokens, int hypotheses);

    /// <summary>
    /// Keeps the sources at these positions, in that order, with all their hypotheses; finished sentences are dropped.
    /// </summary>
    void KeepSources(int[] sources);

    /// <summary>
    /// Hypothesis i of a source continues its former hypothesis <c>parents[source * hypotheses + i]</c>, possibly
    /// repeated or left out: beams reorder.
    /// </summary>
    void Reorder(int[] parents);
}
