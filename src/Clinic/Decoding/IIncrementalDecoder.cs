using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// A model at work on one batch of sources: it is told the newest token of each hypothesis and says what may follow.
/// </summary>
internal interface IIncrementalDecoder : IDisposable
{
    /// <summary>
    /// Logits <c>[sources, hypotheses, vocabulary]</c> of the next token after <paramref name="tokens"/> <c>[sources *
    /// hypotheses]</c>, the newest of each hypothesis; the first step takes one hypothesis a source, the end mark. They
    /// may be changed, and hold until the next step.
    /// </summary>
    Tensor Logits(int[] tokens, int hypotheses);

    /// <summary>
    /// Keeps the sources at these places, in that order, and all their hypotheses: finished sentences leave.
    /// </summary>
    void KeepSources(int[] sources);

    /// <summary>
    /// Hypothesis i of a source continues its former hypothesis <c>parents[source * hypotheses + i]</c>, repeated or
    /// left out at will: beams reorder.
    /// </summary>
    void Reorder(int[] parents);
}
