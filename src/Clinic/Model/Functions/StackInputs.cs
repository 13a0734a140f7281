using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>What a stack computes from.</summary>
/// <param name="X">Its input, <c>[batch, length, dim]</c>.</param>
/// <param name="Mask">Added to the scores of attention to the stack's own states; null for nothing.</param>
/// <param name="Memory">The encoder's output, <c>[batch, sourceLength, dim]</c>; null for the encoder itself.</param>
/// <param name="MemoryMask">Added to the scores of attention to it; null for nothing.</param>
internal sealed record StackInputs(Tensor X, Tensor? Mask, Tensor? Memory = null, Tensor? MemoryMask = null)
{
    /// <summary>Rows of the input.</summary>
    public int Rows => (int)(X.size(0) * X.size(1));

    /// <summary>The same in contiguous memory.</summary>
    public StackInputs Contiguous() =>
        new(X.contiguous(), Mask?.contiguous(), Memory?.contiguous(), MemoryMask?.contiguous());
}
