using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary><see cref="MultiHeadAttention"/> with packed weights: its matrices, and the attention of one row.</summary>
internal sealed unsafe class PackedAttention
{
    private readonly int _dim;
    private readonly int _heads;
    private readonly float _queryScale;

    private PackedAttention(
        MultiHeadAttention attention,
        int heads,
        PackedMatrix input,
        PackedMatrix? memory,
        DecodingPrecision precision,
        IReadOnlyList<double>? branchScale
    )
    {
        (Input, Memory) = (input, memory);
        Output = WeightPacking.Matrix(
            attention.OutputProjection.Weight,
            attention.OutputProjection.Bias,
            precision,
            branchScale
        );
        (_dim, _heads) = (Output.Outputs, heads);
        _queryScale = (float)Math.Pow(_dim / heads, -0.5);
    }

    /// <summary>
    /// Queries, keys and values <c>[3 dim]</c> of a row; only queries where the attention is to another sequence.
    /// </summary>
    public PackedMatrix Input { get; }

    /// <summary>Keys and values <c>[2 dim]</c> of a row of the other sequence; null for self-attention.</summary>
    public PackedMatrix? Memory { get; }

    /// <summary>The output projection, <c>[dim] -> [dim]</c>.</summary>
    public PackedMatrix Output { get; }

    /// <summary>Attention of a sequence to itself.</summary>
    public static PackedAttention ToSelf(
        Sublayer sublayer,
        int heads,
        DecodingPrecision precision,
        IReadOnlyList<double>? branchScale
    )
    {
        var attention = (MultiHeadAttention)sublayer.Branch;
        return new PackedAttention(
            attention,
            heads,
            WeightPacking.Matrix(attention.InputProjection.Weight, attention.InputProjection.Bias, precision),
            null,
            precision,
            branchScale
        );
    }

    /// <summary>Attention to another sequence.</summary>
    public static PackedAttention ToMemory(
        Sublayer sublayer,
        int heads,
        DecodingPrecision precision,
        IReadOnlyList<double>? branchScale
    )
    {
        var attention = (MultiHeadAttention)sublayer.Branch;
        var (weight, bias) = (attention.InputProjection.Weight, attention.InputProjection.Bias);
        var dim = weight.shape[1];
        using var queries = weight.narrow(0, 0, dim);
        using var keyValues = weight.narrow(0, dim, 2 * dim);
        using var biasOfQueries = bias.narrow(0, 0, dim);
        using var biasOfKeyValues = bias.narrow(0, dim, 2 * dim);
        return new PackedAttention(
            attention,
            heads,
            WeightPacking.Matrix(queries, biasOfQueries, precision),
            WeightPacking.Matrix(keyValues, biasOfKeyValues, precision),
            precision,
            branchScale
        );
    }

    /// <summary>
    /// Fills the context <c>[dim]</c> of one query, which is scaled on the way; see <see cref="RowAttention"/>.
    /// </summary>
    public void Attend(float* query, float* keyValues, long stride, ReadOnlySpan<int> places, float* context)
    {
        ElementwiseRow.Scale(query, _queryScale, _dim, query);
        RowAttention.Attend(query, keyValues, stride, places, _dim, _heads, context);
    }
}
