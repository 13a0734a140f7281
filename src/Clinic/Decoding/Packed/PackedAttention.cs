using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary><see cref="MultiHeadAttention"/> with packed weights: its matrices, and the attention of one row.</summary>
internal sealed unsafe class PackedAttention
{
    private readonly int _dim;
    private readonly int _heads;
    private readonly float _queryScale;
    private readonly PackedHeadNorms? _headNorms;
    private readonly PackedNorm? _outputNorm;
    private readonly PackedMatrix _input;
    private readonly PackedMatrix? _memory;
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
            _input = WeightPacking.Matrix(weight.Part(0, _dim), bias.Part(0, _dim), precision);
            _memory = WeightPacking.Matrix(weight.Part(_dim, 2 * _dim), bias.Part(_dim, 2 * _dim), precision);
        }
        else
        {
            _input = WeightPacking.Matrix(weight, bias, precision);
        }

        (_headNorms, _outputNorm) = (parts.HeadNorms(address), parts.BranchNorm(address));
        _output = WeightPacking.Matrix(
            parts.Weight(output + "weight", _dim, _dim),
            parts.Weight(output + "bias", _dim),
            precision,
            branchScale
        );
        _queryScale = (float)Math.Pow(_dim / _heads, -0.5);
    }

    /// <summary>
    /// Queries, keys and values <c>[3 dim]</c> of rows; only queries <c>[dim]</c> where the attention is to another
    /// sequence.
    /// </summary>
    public void Project(float* input, int rows, float* projected)
    {
        _input.Multiply(input, rows, projected);
        long stride = _memory is null ? 3 * _dim : _dim;
        _headNorms?.ApplyToQueries(projected, _heads, stride, rows);
        if (_memory is null)
        {
            _headNorms?.ApplyToKeyValues(projected + _dim, _heads, stride, rows);
        }
    }

    /// <summary>Keys and values <c>[2 dim]</c> of rows of the other sequence; not for self-attention.</summary>
    public void ProjectMemory(float* input, int rows, float* keyValues)
    {
        _memory!.Multiply(input, rows, keyValues);
        _headNorms?.ApplyToKeyValues(keyValues, _heads, 2 * _dim, rows);
    }

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
