namespace TransformerClinic.Decoding;

/// <summary>A decoder whose logits are float32 in the processor's memory, whoever computes them.</summary>
internal unsafe interface IMemoryDecoder : IIncrementalDecoder
{
    /// <summary>
    /// What <see cref="IIncrementalDecoder.Logits"/> gives, row after row, where they are. They may be changed, and are
    /// valid until the next step.
    /// </summary>
    float* LogitsInMemory(int[] tokens, int hypotheses);
}
