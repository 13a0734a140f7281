using static TorchSharp.torch;

namespace TransformerClinic.Kernels.Attention;

/// <summary>What an attention is computed with, other than its queries, keys and values.</summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="Scale">What scores are multiplied by.</param>
/// <param name="Mask">
/// What is then added to them, <c>[queries, keys]</c> or <c>[batch, 1, 1 or queries, keys]</c>; null for nothing.
/// </param>
/// <param name="Dropout">Dropout of the weights; null for none.</param>
internal sealed record AttentionCall(int Heads, double Scale, Tensor? Mask, DropoutMask? Dropout)
{
    /// <summary>The same with a mask whose rows follow each other.</summary>
    public AttentionCall Contiguous() => this with { Mask = Mask?.contiguous() };

    /// <summary>The sizes of the attention of <c>x [batch, queries, dim]</c> to a sequence, or to itself.</summary>
    public AttentionShape Shape(Tensor x, Tensor? sequence)
    {
        var (batch, queries, dim) = (x.size(0), x.size(1), x.size(2));
        return new AttentionShape((int)batch, (int)queries, (int)(sequence ?? x).size(1), (int)dim, Heads);
    }

    /// <summary>The kernel; the mask must live as long.</summary>
    public unsafe FusedAttention Kernel(AttentionShape shape)
    {
        var ofQuery = Mask is null || Mask.size(-2) == 1 ? 0 : shape.Keys;
        var ofSequence = Mask is null || Mask.dim() == 2 || Mask.size(0) == 1 ? 0 : Mask.size(-2) * shape.Keys;
        return new FusedAttention(shape, (float)Scale, TensorMemory.Of<float>(Mask), ofSequence, ofQuery, Dropout);
    }
}
