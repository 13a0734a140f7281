using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary><see cref="MultiHeadAttention"/> with packed weights: its matrices, and the attention of one row.</summary>
internal sealed unsafe class PackedAttention
{
    private readonly int _dim;
    private readonly int _heads;
    private readonly float _queryScale;
    private readonly PackedNorm? _outputNorm;
    private readonly PackedMatrix _output;

    /// <summary>A sublayer's attention.</summary>
    /// <param name="parts">The model.</param>
    /// <param name="address">The sublayer.</param>
    /// <param name="precision">How weights are stored.</param>
    /// <param name="branchScale">A factor of each channel of its output; null for 1.</param>
    public PackedAttention(
        IModelParts parts,
        SublayerAddress address,
        DecodingPrecision precision,
        IReadOnlyList<double>? branchScale
    )
    {
        (_dim, _heads) = (parts.Options.Dim, parts.Options.Heads);
        var input = $"{address.Path}.branch.input_projection.";
        var output = $"{address.Path}.branch.output_projection.";
        var (weight, bias) = (parts.Weight(input + "weight", 3 * _dim, _dim), parts.Weight(input + "bias", 3 * _dim));
        if (address.ReadsMemory)
        {
            Input = WeightPacking.Matrix(weight.Part(0, _dim), bias.Part(0, _dim), precision);
            Memory = WeightPacking.Matrix(weight.Part(_dim, 2 * _dim), bias.Part(_dim, 2 * _dim), precision);
        }
        else
        {
            Input = WeightPacking.Matrix(weight, bias, precision);
        }

        _outputNorm = parts.BranchNorm(address);
        _output = WeightPacking.Matrix(
            parts.Weight(output + "weight", _dim, _dim),
            parts.Weight(output + "bias", _dim),
            precision,
            branchScale
        );
        _queryScale = (float)Math.Pow(_dim / _heads, -0.5);
    }

    /// <summary>
    /// Queries, keys and values <c>[3 dim]</c> of a row; only queries where the attention is to another sequence.
    /// </summary>
    public PackedMatrix Input { get; }

    /// <summary>Keys and values <c>[2 dim]</c> of a row of the other sequence; null for self-attention.</summary>
    public PackedMatrix? Memory { get; }

    /// <summary>The branch's output from the workspace's context.</summary>
    public void Output(Workspace work, int rows)
    {
        _outputNorm?.Apply(work.Context, rows);
        _output.Multiply(work.Context, rows, work.Branch);
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
