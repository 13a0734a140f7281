namespace TransformerClinic.Kernels;

/// <summary>
/// <c>y = x W^T + b</c>, <c>[rows, inputs] -> [rows, outputs]</c>, with the weight <c>W [outputs, inputs]</c> laid out
/// once for many products with few rows: 64 outputs are a panel, in which the weights of one input are side by side. A
/// panel is read from the first weight to the last, once for the rows of a tile.
/// </summary>
/// <remarks>An output is summed in the order of its inputs, so that a row's result depends neither on the other rows
/// nor on the width of the processor's vectors. The innermost methods are compiled at their best at once: a short text
/// would be translated before the runtime finds out that they matter.</remarks>
internal abstract unsafe class PackedMatrix
{
    /// <summary>Outputs of a panel.</summary>
    protected const int PanelWidth = 64;

    /// <summary>The most rows that share what is loaded of a panel.</summary>
    protected const int MostTileRows = 6;

    private const int TileRows = 4;

    private readonly AlignedMemory<float> _bias;

    /// <summary>A matrix of the given shape.</summary>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="bias">One value an output; null for none.</param>
    protected PackedMatrix(int inputs, int outputs, float* bias)
    {
        (Inputs, Outputs, Panels) = (inputs, outputs, (outputs + PanelWidth - 1) / PanelWidth);
        _bias = new AlignedMemory<float>((long)Panels * PanelWidth);
        if (bias != null)
        {
            new ReadOnlySpan<float>(bias, outputs).CopyTo(new Span<float>(_bias.Start, outputs));
        }
    }

    /// <summary>Columns of the weight.</summary>
    public int Inputs { get; }

    /// <summary>Rows of the weight.</summary>
    public int Outputs { get; }

    /// <summary>Panels of the weight; outputs that the last has too many are not stored.</summary>
    protected int Panels { get; }

    /// <summary>Fills <c>y [rows, outputs]</c> from <c>x [rows, inputs]</c>.</summary>
    public abstract void Multiply(float* x, int rows, float* y);

    /// <summary>
    /// Fills y tile by tile; <paramref name="input"/> is what <see cref="Tile"/> reads the rows from.
    /// </summary>
    protected void MultiplyTiles(void* input, int rows, float* y)
    {
        var rest = stackalloc float[MostTileRows * PanelWidth];
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = panel * PanelWidth;
            var width = Math.Min(PanelWidth, Outputs - first);
            for (var row = 0; row < rows; )
            {
                var count = RowsOfTile(rows - row);
                var to = y + ((long)row * Outputs) + first;
                if (width == PanelWidth)
                {
                    Tile(panel, _bias.Start + first, input, row, count, to, Outputs);
                }
                else
                {
                    Tile(panel, _bias.Start + first, input, row, count, rest, PanelWidth);
                    for (var i = 0; i < count; i++)
                    {
                        new ReadOnlySpan<float>(rest + (i * PanelWidth), width).CopyTo(
                            new Span<float>(to + ((long)i * Outputs), width)
                        );
                    }
                }

                row += count;
            }
        }
    }

    /// <summary>How many rows the next tile has, of those that are left.</summary>
    protected virtual int RowsOfTile(int left) => left >= TileRows ? TileRows : 1;

    /// <summary>
    /// The outputs of a panel for the rows of a tile, stored <paramref name="stride"/> numbers apart.
    /// </summary>
    protected abstract void Tile(int panel, float* bias, void* input, int row, int count, float* to, int stride);
}
