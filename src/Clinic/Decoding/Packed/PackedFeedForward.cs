using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary><see cref="FeedForward"/> with packed weights, and its residual connection.</summary>
internal sealed unsafe class PackedFeedForward
{
    private readonly PackedConnection _connection;
    private readonly PackedMatrix _inner;
    private readonly PackedMatrix _outer;
    private readonly Activation _activation;

    /// <summary>The sublayer as its parameters are now.</summary>
    public PackedFeedForward(Sublayer sublayer, Activation activation, DecodingPrecision precision)
    {
        var branch = (FeedForward)sublayer.Branch;
        (_connection, _activation) = (new PackedConnection(sublayer.Residual), activation);
        _inner = WeightPacking.Matrix(branch.Inner.Weight, branch.Inner.Bias, precision);
        _outer = WeightPacking.Matrix(branch.Outer.Weight, branch.Outer.Bias, precision, _connection.BranchScale);
    }

    /// <summary>The stream after the sublayer.</summary>
    public void Apply(Workspace work, int rows)
    {
        _inner.Multiply(_connection.Begin(work, rows), rows, work.Wide);
        switch (_activation)
        {
            case Activation.Relu:
                ElementwiseRow.Relu(work.Wide, rows * _inner.Outputs);
                break;
            case Activation.Gelu:
                work.GeluOfWide(rows * _inner.Outputs);
                break;
            case Activation.Swish:
                ElementwiseRow.Swish(work.Wide, rows * _inner.Outputs);
                break;
            default:
                throw new InvalidOperationException($"The activation {_activation} is not known.");
        }

        _outer.Multiply(work.Wide, rows, work.Branch);
        _connection.End(work, rows);
    }
}
