namespace TransformerClinic.Kernels.Attention;

/// <summary>Sizes of an attention of a batch of sequences to another, or to itself.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Queries">Positions of each that ask.</param>
/// <param name="Keys">Positions of each that are asked.</param>
/// <param name="Dim">Channels of all heads, contiguous slices; those of a head are a multiple of 16.</param>
/// <param name="Heads">Number of heads.</param>
internal readonly record struct AttentionShape(int Batch, int Queries, int Keys, int Dim, int Heads)
{
    private const int Width = 16;

    /// <summary>Channels of a head.</summary>
    public int HeadDim => Dim / Heads;

    /// <summary>Numbers in a row of weights: the keys, and zeros up to a whole vector.</summary>
    public int RowLength => (Keys + Width - 1) / Width * Width;

    /// <summary>Numbers in the weights of one head of one sequence.</summary>
    public long WeightsOfHead => (long)Queries * RowLength;

    /// <summary>Numbers in all weights.</summary>
    public long Weights => Batch * Heads * WeightsOfHead;
}
