using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Products;

/// <summary>
/// <c>C[i, j] (+)= sum_r A[i, r] B[r, j]</c> in float32, for the products of training: with small ones a general
/// library spends as long on preparing a product as on computing it, and libtorch's computes all of them by half as
/// wide vectors where a processor is not Intel's. One thread; sums run over r in its order, so the bits depend only on
/// the numbers.
/// </summary>
/// <remarks>
/// A tile of 6 rows and 64 columns of C is in registers while r runs over a part of B, <see cref="Depth"/> rows, that
/// has been copied so that it stays in the first cache.
/// </remarks>
internal static unsafe class MatrixProduct
{
    private const int TileRows = 6;
    private const int PanelWidth = MatrixOperand.PanelWidth;
    private const int Depth = 128;
    private const int Alignment = 64;

    // Numbers this far apart are in pages of their own: those of some tiles are copied together, once for some panels,
    // which stay in the second cache.
    private const int FarStep = 1024;
    private const int GatheredRows = 48;
    private const int GatheredPanels = 4;
    private const int PanelFloats = (Depth * PanelWidth) + (Alignment / sizeof(float));
    private const long LargestSmall = 1 << 25;

    /// <summary>
    /// Whether a product is faster here than in libtorch: if it is small, and any on a processor for which libtorch's
    /// library has no vectors of 512 bits. The tiles need 32 registers of them.
    /// </summary>
    public static bool IsFaster(long rows, long depth, long columns) =>
        Vector512.IsHardwareAccelerated && (!ProcessorVendor.IsIntel || rows * depth * columns <= LargestSmall);

    /// <summary>Computes a product.</summary>
    /// <param name="rows">Rows of C.</param>
    /// <param name="depth">How many r.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">The first number of C.</param>
    /// <param name="stride">Numbers from one row of C to the next.</param>
    /// <param name="adds">Whether the sums are added to C; if not, C is overwritten.</param>
    /// <param name="bias">What each row of C begins with, one number a column, where C is overwritten; null for 0.
    /// </param>
    public static void Compute(
        int rows,
        int depth,
        int columns,
        MatrixOperand a,
        MatrixOperand b,
        float* c,
        int stride,
        bool adds = false,
        float* bias = null
    )
    {
        var gathered = a.Step > FarStep ? columns / PanelWidth * PanelWidth : 0;
        for (var first = 0; first < gathered; first += PanelWidth * GatheredPanels)
        {
            var panels = Math.Min(GatheredPanels, (gathered - first) / PanelWidth);
            Gathered(rows, depth, a, b, first, panels, c + first, stride, adds, bias == null ? null : bias + first);
        }

        var memory = stackalloc float[PanelFloats];
        var panel = Aligned(memory);
        var edge = stackalloc float[TileRows * PanelWidth];
        var begin = stackalloc float[PanelWidth];
        for (var first = gathered; first < columns; first += PanelWidth)
        {
            var width = Math.Min(PanelWidth, columns - first);
            if (!adds)
            {
                Begin(bias == null ? null : bias + first, width, begin);
            }

            for (var start = 0; start < depth; start += Depth)
            {
                var count = Math.Min(Depth, depth - start);
                b.Pack(start, count, first, width, panel);
                var from = a.Start + ((long)start * a.Step);
                var beginning = start == 0 && !adds ? begin : null;
                if (width == PanelWidth)
                {
                    Panel(rows, count, from, a.Row, a.Step, panel, beginning, c + first, stride);
                }
                else
                {
                    Edge(rows, count, from, a, panel, beginning, c + first, stride, width, edge);
                }
            }
        }
    }

    private static float* Aligned(float* memory) => (float*)(((nint)memory + Alignment - 1) & ~(nint)(Alignment - 1));

    /// <summary>What the sums of a panel's columns begin with.</summary>
    private static void Begin(float* bias, int width, float* begin)
    {
        var all = new Span<float>(begin, PanelWidth);
        all.Clear();
        if (bias != null)
        {
            new ReadOnlySpan<float>(bias, width).CopyTo(all);
        }
    }

    /// <summary>A panel of C; its rows begin with <paramref name="begin"/>, or, where that is null, with C.</summary>
    private static void Panel(
        int rows,
        int count,
        float* a,
        int row,
        int step,
        float* b,
        float* begin,
        float* c,
        int stride
    )
    {
        var i = 0;
        for (; i + TileRows <= rows; i += TileRows)
        {
            Six(count, a + ((long)i * row), row, step, b, begin, c + ((long)i * stride), stride);
        }

        for (; i + 2 <= rows; i += 2)
        {
            Two(count, a + ((long)i * row), row, step, b, begin, c + ((long)i * stride), stride);
        }

        if (i < rows)
        {
            One(count, a + ((long)i * row), step, b, begin, c + ((long)i * stride));
        }
    }

    /// <summary>
    /// Some panels for a transpose of long rows, whose numbers are copied together once for all of them.
    /// </summary>
    private static void Gathered(
        int rows,
        int depth,
        MatrixOperand a,
        MatrixOperand b,
        int first,
        int panels,
        float* c,
        int stride,
        bool adds,
        float* bias
    )
    {
        var memory = stackalloc float[PanelFloats * GatheredPanels];
        var packed = Aligned(memory);
        var gathered = stackalloc float[Depth * GatheredRows];
        var begin = stackalloc float[PanelWidth * GatheredPanels];
        for (var panel = 0; panel < panels; panel++)
        {
            Begin(bias == null ? null : bias + (panel * PanelWidth), PanelWidth, begin + (panel * PanelWidth));
        }

        for (var start = 0; start < depth; start += Depth)
        {
            var count = Math.Min(Depth, depth - start);
            for (var panel = 0; panel < panels; panel++)
            {
                var column = first + (panel * PanelWidth);
                b.Pack(start, count, column, PanelWidth, packed + (panel * Depth * PanelWidth));
            }

            for (var i = 0; i < rows; i += GatheredRows)
            {
                var some = Math.Min(GatheredRows, rows - i);
                Gather(a.Start + ((long)start * a.Step) + i, a.Step, count, some, gathered);
                for (var panel = 0; panel < panels; panel++)
                {
                    Panel(
                        some,
                        count,
                        gathered,
                        row: 1,
                        GatheredRows,
                        packed + (panel * Depth * PanelWidth),
                        start == 0 && !adds ? begin + (panel * PanelWidth) : null,
                        c + ((long)i * stride) + (panel * PanelWidth),
                        stride
                    );
                }
            }
        }
    }

    private static void Gather(float* from, int step, int count, int some, float* gathered)
    {
        for (var r = 0; r < count; r++)
        {
            new ReadOnlySpan<float>(from + ((long)r * step), some).CopyTo(
                new Span<float>(gathered + (r * GatheredRows), some)
            );
        }
    }

    /// <summary>The last columns, which do not fill a panel.</summary>
    private static void Edge(
        int rows,
        int count,
        float* from,
        MatrixOperand a,
        float* panel,
        float* begin,
        float* c,
        int stride,
        int width,
        float* edge
    )
    {
        for (var i = 0; i < rows; i += TileRows)
        {
            var tile = Math.Min(TileRows, rows - i);
            if (begin == null)
            {
                Copy(tile, c + ((long)i * stride), stride, edge, PanelWidth, width);
            }

            Panel(tile, count, from + ((long)i * a.Row), a.Row, a.Step, panel, begin, edge, PanelWidth);
            Copy(tile, edge, PanelWidth, c + ((long)i * stride), stride, width);
        }
    }

    private static void Copy(int rows, float* from, int fromStride, float* to, int toStride, int width)
    {
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(from + ((long)row * fromStride), width).CopyTo(
                new Span<float>(to + ((long)row * toStride), width)
            );
        }
    }

    /// <summary>24 sums in registers: the letter is the part of the panel, the number the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(int count, float* x0, int row, int step, float* b, float* begin, float* c, int stride)
    {
        var x1 = x0 + row;
        var x2 = x1 + row;
        var x3 = x2 + row;
        var x4 = x3 + row;
        var x5 = x4 + row;
        var to = begin == null ? c : begin;
        var next = begin == null ? stride : 0;
        var (a0, b0, c0, d0) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to += next;
        var (a1, b1, c1, d1) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to += next;
        var (a2, b2, c2, d2) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to += next;
        var (a3, b3, c3, d3) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to += next;
        var (a4, b4, c4, d4) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to += next;
        var (a5, b5, c5, d5) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        long at = 0;
        for (var r = 0; r < count; r++, b += PanelWidth, at += step)
        {
            var (p, q, s, t) = (Load(b), Load(b + 16), Load(b + 32), Load(b + 48));
            var x = Vector512.Create(x0[at]);
            a0 = Vector512.FusedMultiplyAdd(x, p, a0);
            b0 = Vector512.FusedMultiplyAdd(x, q, b0);
            c0 = Vector512.FusedMultiplyAdd(x, s, c0);
            d0 = Vector512.FusedMultiplyAdd(x, t, d0);
            x = Vector512.Create(x1[at]);
            a1 = Vector512.FusedMultiplyAdd(x, p, a1);
            b1 = Vector512.FusedMultiplyAdd(x, q, b1);
            c1 = Vector512.FusedMultiplyAdd(x, s, c1);
            d1 = Vector512.FusedMultiplyAdd(x, t, d1);
            x = Vector512.Create(x2[at]);
            a2 = Vector512.FusedMultiplyAdd(x, p, a2);
            b2 = Vector512.FusedMultiplyAdd(x, q, b2);
            c2 = Vector512.FusedMultiplyAdd(x, s, c2);
            d2 = Vector512.FusedMultiplyAdd(x, t, d2);
            x = Vector512.Create(x3[at]);
            a3 = Vector512.FusedMultiplyAdd(x, p, a3);
            b3 = Vector512.FusedMultiplyAdd(x, q, b3);
            c3 = Vector512.FusedMultiplyAdd(x, s, c3);
            d3 = Vector512.FusedMultiplyAdd(x, t, d3);
            x = Vector512.Create(x4[at]);
            a4 = Vector512.FusedMultiplyAdd(x, p, a4);
            b4 = Vector512.FusedMultiplyAdd(x, q, b4);
            c4 = Vector512.FusedMultiplyAdd(x, s, c4);
            d4 = Vector512.FusedMultiplyAdd(x, t, d4);
            x = Vector512.Create(x5[at]);
            a5 = Vector512.FusedMultiplyAdd(x, p, a5);
            b5 = Vector512.FusedMultiplyAdd(x, q, b5);
            c5 = Vector512.FusedMultiplyAdd(x, s, c5);
            d5 = Vector512.FusedMultiplyAdd(x, t, d5);
        }

        Store(a0, b0, c0, d0, c);
        Store(a1, b1, c1, d1, c + stride);
        Store(a2, b2, c2, d2, c + (2L * stride));
        Store(a3, b3, c3, d3, c + (3L * stride));
        Store(a4, b4, c4, d4, c + (4L * stride));
        Store(a5, b5, c5, d5, c + (5L * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(int count, float* x0, int row, int step, float* b, float* begin, float* c, int stride)
    {
        var x1 = x0 + row;
        var to = begin == null ? c : begin;
        var (a0, b0, c0, d0) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        to = begin == null ? c + stride : begin;
        var (a1, b1, c1, d1) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        long at = 0;
        for (var r = 0; r < count; r++, b += PanelWidth, at += step)
        {
            var (p, q, s, t) = (Load(b), Load(b + 16), Load(b + 32), Load(b + 48));
            var x = Vector512.Create(x0[at]);
            a0 = Vector512.FusedMultiplyAdd(x, p, a0);
            b0 = Vector512.FusedMultiplyAdd(x, q, b0);
            c0 = Vector512.FusedMultiplyAdd(x, s, c0);
            d0 = Vector512.FusedMultiplyAdd(x, t, d0);
            x = Vector512.Create(x1[at]);
            a1 = Vector512.FusedMultiplyAdd(x, p, a1);
            b1 = Vector512.FusedMultiplyAdd(x, q, b1);
            c1 = Vector512.FusedMultiplyAdd(x, s, c1);
            d1 = Vector512.FusedMultiplyAdd(x, t, d1);
        }

        Store(a0, b0, c0, d0, c);
        Store(a1, b1, c1, d1, c + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(int count, float* x, int step, float* b, float* begin, float* c)
    {
        var to = begin == null ? c : begin;
        var (a0, b0, c0, d0) = (Load(to), Load(to + 16), Load(to + 32), Load(to + 48));
        for (var r = 0; r < count; r++, b += PanelWidth, x += step)
        {
            var value = Vector512.Create(*x);
            a0 = Vector512.FusedMultiplyAdd(value, Load(b), a0);
            b0 = Vector512.FusedMultiplyAdd(value, Load(b + 16), b0);
            c0 = Vector512.FusedMultiplyAdd(value, Load(b + 32), c0);
            d0 = Vector512.FusedMultiplyAdd(value, Load(b + 48), d0);
        }

        Store(a0, b0, c0, d0, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
    }
}
