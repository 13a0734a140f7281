using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Sinusoidal position embeddings in a table as fairseq lays it out: row <c>r</c> has the <see cref="PositionSines"/>
/// of position <c>r</c>; row 1 belongs to padding and is zero, the first token of a sequence takes row 2. By another
/// <see cref="PositionFormula"/> that row has other values, and so have those after it.
/// </summary>
internal sealed class SinusoidalPositions : nn.Module
{
    /// <summary>The row of the first token.</summary>
    public const int FirstRow = 2;

    private const int PaddingRow = 1;

    /// <summary>A table for sequences of up to <paramref name="maxPositions"/> tokens.</summary>
    public SinusoidalPositions(int maxPositions, int dim, PositionFormula formula = PositionFormula.Fairseq)
        : base(nameof(SinusoidalPositions))
    {
        MaxPositions = maxPositions;
        var sines = new PositionSines(dim, formula);
        var table = new float[maxPositions + FirstRow, sines.Width];
        var rows = MemoryMarshal.CreateSpan(ref table[0, 0], table.Length);
        for (var row = 0; row < maxPositions + FirstRow; row++)
        {
            if (row != PaddingRow)
            {
                sines.Fill(row + sines.First - FirstRow, rows.Slice(row * sines.Width, sines.Width));
            }
        }

        register_buffer("table", tensor(table).DetachFromDisposeScope(), persistent: false);
    }

    /// <summary>Longest sequence that the table covers, in tokens.</summary>
    public int MaxPositions { get; }

    /// <summary>The whole table, <c>[MaxPositions + FirstRow, dim]</c>.</summary>
    /// <remarks>Looked up, not kept: moving the module to another type or device replaces the buffer.</remarks>
    public Tensor Table => get_buffer("table")!;

    /// <summary>
    /// Positions of a batch: tokens <c>[batch, length]</c> (int64) to <c>[batch, length, dim]</c>; padding counts no
    /// position, wherever it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch is longer than the table.</exception>
    public Tensor OfTokens(Tensor tokens, long padding)
    {
        Check(tokens);
        using var scope = NewDisposeScope();
        using Scalar pad = padding;
        var real = tokens.ne(pad).to(ScalarType.Int64);
        var rows = (real.cumsum(1) * real).add(HeldScalars.One, HeldScalars.One);
        return Rows(rows.flatten(), [.. tokens.shape, -1]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The position of the token number <paramref name="step"/> (from 0) of a sequence: <c>[1, 1, dim]</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The table ends before it.</exception>
    public Tensor AtStep(long step)
    {
        if (step >= MaxPositions)
        {
            throw new ArgumentOutOfRangeException(
                nameof(step),
                step,
                $"The position table ends at {MaxPositions} tokens."
            );
        }

        return Table.narrow(0, step + FirstRow, 1).unsqueeze(0);
    }

    /// <summary>Refuses a batch <c>[batch, length]</c> that the table does not cover.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch is longer than the table.</exception>
    public void Check(Tensor tokens)
    {
        if (tokens.size(1) > MaxPositions)
        {
            throw new ArgumentOutOfRangeException(
                nameof(tokens),
                tokens.size(1),
                $"The position table ends at {MaxPositions} tokens."
            );
        }
    }

    private Tensor Rows(Tensor rows, long[] shape) => Table.index_select(0, rows).view(shape);
}
