using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Products;

/// <summary>A matrix in memory, or its transpose.</summary>
/// <param name="start">The first number.</param>
/// <param name="row">Numbers from one row to the next; 1 for a transpose.</param>
/// <param name="step">Numbers from one column to the next; 1 unless it is a transpose.</param>
internal readonly unsafe struct MatrixOperand(float* start, int row, int step)
{
    /// <summary>Numbers in a packed row.</summary>
    public const int PanelWidth = 64;

    private const int Width = 16;

    /// <summary>The first number.</summary>
    public float* Start => start;

    /// <summary>Numbers from one row to the next.</summary>
    public int Row => row;

    /// <summary>Numbers from one column to the next.</summary>
    public int Step => step;

    /// <summary>A matrix whose rows follow each other.</summary>
    public static MatrixOperand Of(float* start, int columns) => new(start, columns, 1);

    /// <summary>The transpose of a matrix whose rows, of this length, follow each other.</summary>
    public static MatrixOperand Transposed(float* start, int columns) => new(start, 1, columns);

    /// <summary>Copies some columns of some rows to rows of 64 numbers, zeros behind the last.</summary>
    public void Pack(int firstRow, int rows, int firstColumn, int columns, float* to)
    {
        var from = start + ((long)firstRow * row) + ((long)firstColumn * step);
        if (step == 1)
        {
            PackRows(from, row, rows, columns, to);
        }
        else
        {
            PackColumns(from, step, rows, columns, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(float* from, int row, int rows, int columns, float* to)
    {
        for (var r = 0; r < rows; r++, from += row, to += PanelWidth)
        {
            if (columns == PanelWidth)
            {
                Vector512.Load(from).Store(to);
                Vector512.Load(from + 16).Store(to + 16);
                Vector512.Load(from + 32).Store(to + 32);
                Vector512.Load(from + 48).Store(to + 48);
                continue;
            }

            new ReadOnlySpan<float>(from, columns).CopyTo(new Span<float>(to, columns));
            new Span<float>(to + columns, PanelWidth - columns).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(float* from, int step, int rows, int columns, float* to)
    {
        var column = 0;
        for (; column + Width <= columns; column += Width)
        {
            var r = 0;
            for (; r + Width <= rows; r += Width)
            {
                BlockTranspose.Copy(
                    from + ((long)column * step) + r,
                    step,
                    to + ((long)r * PanelWidth) + column,
                    PanelWidth
                );
            }

            for (; r < rows; r++)
            {
                for (var j = column; j < column + Width; j++)
                {
                    to[(r * PanelWidth) + j] = from[((long)j * step) + r];
                }
            }
        }

        for (; column < columns; column++)
        {
            for (var r = 0; r < rows; r++)
            {
                to[(r * PanelWidth) + column] = from[((long)column * step) + r];
            }
        }

        for (var r = 0; r < rows && columns < PanelWidth; r++)
        {
            new Span<float>(to + (r * PanelWidth) + columns, PanelWidth - columns).Clear();
        }
    }
}
