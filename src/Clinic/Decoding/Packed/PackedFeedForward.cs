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
    private readonly PackedNorm? _outputNorm;

    /// <summary>A model's sublayer of this address.</summary>
    public PackedFeedForward(IModelParts parts, SublayerAddress address, DecodingPrecision precision)
    {
        (_connection, _activation) = (parts.Connection(address), parts.Options.Activation);
        _outputNorm = parts.BranchNorm(address);
        var (dim, hidden, name) = (parts.Options.Dim, parts.Options.FeedForwardDim, $"{address.Path}.branch.");
        _inner = WeightPacking.Matrix(
            parts.Weight(name + "inner.weight", hidden, dim),
            parts.Weight(name + "inner.bias", hidden),
            precision
        );
        _outer = WeightPacking.Matrix(
            parts.Weight(name + "outer.weight", dim, hidden),
            parts.Weight(name + "outer.bias", dim),
            precision,
            _connection.BranchScale
        );
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

        _outputNorm?.Apply(work.Wide, rows);
        _outer.Multiply(work.Wide, rows, work.Branch);
        _connection.End(work, rows);
    }
}
