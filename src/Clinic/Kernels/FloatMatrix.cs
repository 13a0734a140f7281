using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>A packed matrix of floating-point weights; inputs, products and sums are float32.</summary>
/// <typeparam name="T">How a weight is stored.</typeparam>
/// <typeparam name="TNumbers">How it is read.</typeparam>
internal sealed unsafe class FloatMatrix<T, TNumbers> : PackedMatrix
    where T : unmanaged
    where TNumbers : struct, INumbers<T>
{
    private readonly AlignedMemory<T> _panels;

    /// <summary>Packs a weight <c>[outputs, inputs]</c>.</summary>
    public FloatMatrix(float* weight, float* bias, int inputs, int outputs)
        : base(inputs, outputs, bias)
    {
        _panels = new AlignedMemory<T>((long)Panels * inputs * PanelWidth);
        var column = stackalloc float[PanelWidth];
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = panel * PanelWidth;
            for (var k = 0; k < inputs; k++)
            {
                for (var o = 0; o < PanelWidth; o++)
                {
                    column[o] = first + o < outputs ? weight[((long)(first + o) * inputs) + k] : 0;
                }

                for (var o = 0; o < PanelWidth; o += Vector512<float>.Count)
                {
                    TNumbers.Store(Vector512.Load(column + o), Panel(panel) + ((long)k * PanelWidth) + o);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Multiply(float* x, int rows, float* y) => MultiplyTiles(x, rows, y);

    /// <inheritdoc/>
    protected override void Tile(int panel, float* bias, void* input, int row, int count, float* to, int stride)
    {
        var x = (float*)input + ((long)row * Inputs);
        if (count == 1)
        {
            One(Panel(panel), bias, x, to);
        }
        else
        {
            Four(Panel(panel), bias, x, to, stride);
        }
    }

    private T* Panel(int panel) => _panels.Start + ((long)panel * Inputs * PanelWidth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(T* weights, float* bias, float* x, float* to)
    {
        var (a, b, c, d) = (
            Vector512.Load(bias),
            Vector512.Load(bias + 16),
            Vector512.Load(bias + 32),
            Vector512.Load(bias + 48)
        );
        for (var k = 0; k < Inputs; k++, weights += PanelWidth)
        {
            var input = Vector512.Create(x[k]);
            a = Vector512.FusedMultiplyAdd(input, TNumbers.Load(weights), a);
            b = Vector512.FusedMultiplyAdd(input, TNumbers.Load(weights + 16), b);
            c = Vector512.FusedMultiplyAdd(input, TNumbers.Load(weights + 32), c);
            d = Vector512.FusedMultiplyAdd(input, TNumbers.Load(weights + 48), d);
        }

        Store(a, b, c, d, to);
    }

    /// <summary>Sixteen sums in registers: the letter is the part of the panel, the number the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four(T* weights, float* bias, float* x, float* to, int stride)
    {
        var x1 = x + Inputs;
        var x2 = x1 + Inputs;
        var x3 = x2 + Inputs;
        var (a0, b0, c0, d0) = (
            Vector512.Load(bias),
            Vector512.Load(bias + 16),
            Vector512.Load(bias + 32),
            Vector512.Load(bias + 48)
        );
        var (a1, b1, c1, d1) = (a0, b0, c0, d0);
        var (a2, b2, c2, d2) = (a0, b0, c0, d0);
        var (a3, b3, c3, d3) = (a0, b0, c0, d0);
        for (var k = 0; k < Inputs; k++, weights += PanelWidth)
        {
            var (a, b, c, d) = (
                TNumbers.Load(weights),
                TNumbers.Load(weights + 16),
                TNumbers.Load(weights + 32),
                TNumbers.Load(weights + 48)
            );
            var input = Vector512.Create(x[k]);
            a0 = Vector512.FusedMultiplyAdd(input, a, a0);
            b0 = Vector512.FusedMultiplyAdd(input, b, b0);
            c0 = Vector512.FusedMultiplyAdd(input, c, c0);
            d0 = Vector512.FusedMultiplyAdd(input, d, d0);
            input = Vector512.Create(x1[k]);
            a1 = Vector512.FusedMultiplyAdd(input, a, a1);
            b1 = Vector512.FusedMultiplyAdd(input, b, b1);
            c1 = Vector512.FusedMultiplyAdd(input, c, c1);
            d1 = Vector512.FusedMultiplyAdd(input, d, d1);
            input = Vector512.Create(x2[k]);
            a2 = Vector512.FusedMultiplyAdd(input, a, a2);
            b2 = Vector512.FusedMultiplyAdd(input, b, b2);
            c2 = Vector512.FusedMultiplyAdd(input, c, c2);
            d2 = Vector512.FusedMultiplyAdd(input, d, d2);
            input = Vector512.Create(x3[k]);
            a3 = Vector512.FusedMultiplyAdd(input, a, a3);
            b3 = Vector512.FusedMultiplyAdd(input, b, b3);
            c3 = Vector512.FusedMultiplyAdd(input, c, c3);
            d3 = Vector512.FusedMultiplyAdd(input, d, d3);
        }

        Store(a0, b0, c0, d0, to);
        Store(a1, b1, c1, d1, to + stride);
        Store(a2, b2, c2, d2, to + (2L * stride));
        Store(a3, b3, c3, d3, to + (3L * stride));
    }

    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
    }
}
