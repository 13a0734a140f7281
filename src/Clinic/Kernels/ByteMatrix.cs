using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A packed matrix whose weights and inputs have 8 bits each, for processors that multiply and sum four of them at once
/// (<see cref="ByteProducts"/>). They take one side without a sign, so inputs are stored as <c>p + 128</c>, and <c>128
/// sum_k q</c> is taken off the sum. The numbers are those of <see cref="IntegerMatrix{T, TIntegers}"/> with as many
/// bits.
/// </summary>
internal sealed unsafe class ByteMatrix : QuantizedMatrix<sbyte>
{
    /// <summary>The largest weight and the largest input.</summary>
    public const int Greatest = sbyte.MaxValue;

    /// <summary>The most inputs whose products cannot leave the 32 bits of a sum.</summary>
    public const int MostInputs = int.MaxValue / (byte.MaxValue * Greatest);

    private const int Group = 4;
    private const int Offset = 128;
    private readonly AlignedMemory<int> _offsets;

    /// <summary>
    /// Packs a weight <c>[outputs, inputs]</c>; in a panel the weights of four inputs are side by side.
    /// </summary>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">One value an output; null for none.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="outputs">Rows of the weight.</param>
    public ByteMatrix(float* weight, float* bias, int inputs, int outputs)
        : base(weight, bias, inputs, outputs, Group, Greatest)
    {
        _offsets = new AlignedMemory<int>((long)Panels * PanelWidth);
        for (var o = 0; o < outputs; o++)
        {
            for (var k = 0; k < inputs; k++)
            {
                _offsets.Start[o] += Offset * WeightsOf(o)[PlaceOf(k)];
            }
        }
    }

    /// <inheritdoc/>
    protected override float Quantize(float* row, int* groups)
    {
        var width = Groups * Group;
        var integers = ArrayPool<short>.Shared.Rent(width);
        fixed (short* ofIntegers = integers)
        {
            var scale = IntegerRow.From(row, Inputs, Greatest, ofIntegers);
            Shift(ofIntegers, width, (byte*)groups);
            ArrayPool<short>.Shared.Return(integers);
            return scale;
        }
    }

    /// <inheritdoc/>
    protected override void Four(int panel, int* x, float* scale, float* bias, float* to, int stride)
    {
        var weights = Weights(panel);
        var offsets = _offsets.Start + (panel * PanelWidth);
        var scales = Scales(panel);
        for (var first = 0; first < PanelWidth; first += 16)
        {
            Four(
                weights + (first * Group),
                x,
                offsets + first,
                scale,
                scales + first,
                bias + first,
                to + first,
                stride
            );
        }
    }

    /// <summary>Eight sums in registers, enough to hide how long one takes: a letter for eight outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void One(int panel, int* x, float scale, float* bias, float* to)
    {
        var weights = Weights(panel);
        var offsets = _offsets.Start + (panel * PanelWidth);
        var scales = Scales(panel);
        var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (e, f, g, h) = (a, a, a, a);
        for (var k = 0; k < Groups; k++, weights += Group * PanelWidth)
        {
            var input = Vector256.Create(x[k]).AsByte();
            a = ByteProducts.Add(a, input, Vector256.Load(weights));
            b = ByteProducts.Add(b, input, Vector256.Load(weights + 32));
            c = ByteProducts.Add(c, input, Vector256.Load(weights + 64));
            d = ByteProducts.Add(d, input, Vector256.Load(weights + 96));
            e = ByteProducts.Add(e, input, Vector256.Load(weights + 128));
            f = ByteProducts.Add(f, input, Vector256.Load(weights + 160));
            g = ByteProducts.Add(g, input, Vector256.Load(weights + 192));
            h = ByteProducts.Add(h, input, Vector256.Load(weights + 224));
        }

        Store(Vector512.Create(a, b) - Vector512.Load(offsets), scale, scales, bias, to);
        Store(Vector512.Create(c, d) - Vector512.Load(offsets + 16), scale, scales + 16, bias + 16, to + 16);
        Store(Vector512.Create(e, f) - Vector512.Load(offsets + 32), scale, scales + 32, bias + 32, to + 32);
        Store(Vector512.Create(g, h) - Vector512.Load(offsets + 48), scale, scales + 48, bias + 48, to + 48);
    }

    /// <summary>
    /// Eight sums in registers, of which the instructions reach sixteen: the letter is the half of the outputs, the
    /// number the row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four(
        sbyte* weights,
        int* x,
        int* offsets,
        float* scale,
        float* scales,
        float* bias,
        float* to,
        int stride
    )
    {
        var x1 = x + Groups;
        var x2 = x1 + Groups;
        var x3 = x2 + Groups;
        var (a0, b0, a1, b1) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (a2, b2, a3, b3) = (a0, b0, a0, b0);
        for (var k = 0; k < Groups; k++, weights += Group * PanelWidth)
        {
            var (a, b) = (Vector256.Load(weights), Vector256.Load(weights + 32));
            var input = Vector256.Create(x[k]).AsByte();
            a0 = ByteProducts.Add(a0, input, a);
            b0 = ByteProducts.Add(b0, input, b);
            input = Vector256.Create(x1[k]).AsByte();
            a1 = ByteProducts.Add(a1, input, a);
            b1 = ByteProducts.Add(b1, input, b);
            input = Vector256.Create(x2[k]).AsByte();
            a2 = ByteProducts.Add(a2, input, a);
            b2 = ByteProducts.Add(b2, input, b);
            input = Vector256.Create(x3[k]).AsByte();
            a3 = ByteProducts.Add(a3, input, a);
            b3 = ByteProducts.Add(b3, input, b);
        }

        var offset = Vector512.Load(offsets);
        Store(Vector512.Create(a0, b0) - offset, scale[0], scales, bias, to);
        Store(Vector512.Create(a1, b1) - offset, scale[1], scales, bias, to + stride);
        Store(Vector512.Create(a2, b2) - offset, scale[2], scales, bias, to + (2L * stride));
        Store(Vector512.Create(a3, b3) - offset, scale[3], scales, bias, to + (3L * stride));
    }

    private static void Shift(short* integers, int width, byte* to)
    {
        var i = 0;
        for (; i + 64 <= width; i += 64)
        {
            Vector512
                .Narrow(
                    (Vector512.Load(integers + i) + Vector512.Create((short)Offset)).AsUInt16(),
                    (Vector512.Load(integers + i + 32) + Vector512.Create((short)Offset)).AsUInt16()
                )
                .Store(to + i);
        }

        for (; i < width; i++)
        {
            to[i] = (byte)(integers[i] + Offset);
        }
    }
}
