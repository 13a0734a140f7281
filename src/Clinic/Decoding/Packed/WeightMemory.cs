using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A parameter where it is: float32 in the processor's memory, row after row. A vector is a matrix of one column.
/// </summary>
/// <param name="start">The first number.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Numbers of a row.</param>
/// <param name="owner">Whose memory it is: held, so that it stays.</param>
internal sealed unsafe class WeightMemory(float* start, int rows, int columns, object owner)
{
    private readonly object _owner = owner;

    /// <summary>The first number.</summary>
    public float* Start => start;

    /// <summary>Rows, the outputs of a matrix.</summary>
    public int Rows => rows;

    /// <summary>Numbers of a row, the inputs of a matrix.</summary>
    public int Columns => columns;

    /// <summary>All numbers.</summary>
    public ReadOnlySpan<float> Values => new(start, checked(rows * columns));

    /// <summary>The same numbers in memory of their own.</summary>
    public WeightMemory Copy()
    {
        var copy = new AlignedMemory<float>((long)rows * columns);
        Values.CopyTo(new Span<float>(copy.Start, rows * columns));
        return new WeightMemory(copy.Start, rows, columns, copy);
    }

    /// <summary>The same rows, each of the length 1, in memory of their own.</summary>
    public WeightMemory Unit()
    {
        var unit = Copy();
        for (var row = 0; row < rows; row++)
        {
            var values = unit.Start + ((long)row * columns);
            var squares = 0.0;
            for (var c = 0; c < columns; c++)
            {
                squares += (double)values[c] * values[c];
            }

            ElementwiseRow.Divide(values, (float)Math.Max(Math.Sqrt(squares), Embeddings.ShortestVector), columns);
        }

        return unit;
    }

    /// <summary>A tensor's own memory; of one that is not contiguous, a copy.</summary>
    public static WeightMemory Of(Tensor tensor)
    {
        var (values, shape) = (tensor, tensor.shape);
        if (!tensor.is_contiguous())
        {
            using var scope = NewDisposeScope();
            values = tensor.detach().contiguous().DetachFromDisposeScope();
        }

        return new WeightMemory(
            TensorMemory.Of<float>(values),
            (int)shape[0],
            shape.Length == 1 ? 1 : (int)shape[1],
            values
        );
    }

    /// <summary>Some of the rows.</summary>
    public WeightMemory Part(int from, int count) => new(start + ((long)from * columns), count, columns, _owner);
}
