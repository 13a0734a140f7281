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
    protected override int RowsOfTile(int left) => Math.Min(left, MostTileRows);

    /// <inheritdoc/>
    protected override void Several(int panel, int* x, int count, float* scale, float* bias, float* to, int stride)
    {
        var weights = Weights(panel);
        var offsets = _offsets.Start + (panel * PanelWidth);
        var scales = Scales(panel);
        for (var first = 0; first < PanelWidth; first += 16)
        {
            var outputs = new Scaling(offsets + first, scales + first, bias + first);
            Sixteen(weights + (first * Group), x, count, scale, outputs, to + first, stride);
        }
    }

    /// <summary>Eight sums in registers, enough to hide how long one takes: a letter for eight outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void One(int panel, int* x, float scale, float* bias, float* to)
    {
        var weights = Weights(panel);
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

        var outputs = new Scaling(_offsets.Start + (panel * PanelWidth), Scales(panel), bias);
        outputs.Store(a, scale, to, 0);
        outputs.Store(b, scale, to, 8);
        outputs.Store(c, scale, to, 16);
        outputs.Store(d, scale, to, 24);
        outputs.Store(e, scale, to, 32);
        outputs.Store(f, scale, to, 40);
        outputs.Store(g, scale, to, 48);
        outputs.Store(h, scale, to, 56);
    }

    /// <summary>
    /// Sixteen outputs of up to six rows: twelve sums in registers, of which the instructions reach sixteen; the letter
    /// is the half of the outputs, the number the row. Fewer rows take the same time: the last is computed again
    /// in the place of those that are missing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sixteen(sbyte* weights, int* x, int count, float* scale, Scaling outputs, float* to, int stride)
    {
        var last = x + ((long)(count - 1) * Groups);
        var x1 = count > 1 ? x + Groups : last;
        var x2 = count > 2 ? x1 + Groups : last;
        var x3 = count > 3 ? x2 + Groups : last;
        var x4 = count > 4 ? x3 + Groups : last;
        var (a0, b0, a1, b1) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (a2, b2, a3, b3) = (a0, b0, a0, b0);
        var (a4, b4, a5, b5) = (a0, b0, a0, b0);
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
            input = Vector256.Create(x4[k]).AsByte();
            a4 = ByteProducts.Add(a4, input, a);
            b4 = ByteProducts.Add(b4, input, b);
            input = Vector256.Create(last[k]).AsByte();
            a5 = ByteProducts.Add(a5, input, a);
            b5 = ByteProducts.Add(b5, input, b);
        }

        // The place of a missing row is that of the last, whose outputs it repeats.
        var most = count - 1;
        outputs.Store(a0, b0, 0, scale, to, stride);
        outputs.Store(a1, b1, Math.Min(1, most), scale, to, stride);
        outputs.Store(a2, b2, Math.Min(2, most), scale, to, stride);
        outputs.Store(a3, b3, Math.Min(3, most), scale, to, stride);
        outputs.Store(a4, b4, Math.Min(4, most), scale, to, stride);
        outputs.Store(a5, b5, most, scale, to, stride);
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

    /// <summary>What makes numbers of a panel's sums: 128 sum_k q, s and b of each output.</summary>
    private readonly struct Scaling(int* offsets, float* scales, float* bias)
    {
        /// <summary>Stores sixteen outputs of a row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector256<int> a, Vector256<int> b, int row, float* scale, float* to, int stride)
        {
            var first = to + ((long)row * stride);
            Store(a, scale[row], first, 0);
            Store(b, scale[row], first, 8);
        }

        /// <summary>
        /// Stores eight outputs: 256 bits to the end, for a few operations on 512 bits between two tiles slow down the
        /// multiplications of both; a tile of 128 inputs then takes twice as long.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector256<int> sums, float scale, float* to, int at) =>
            Vector256
                .FusedMultiplyAdd(
                    Vector256.ConvertToSingle(sums - Vector256.Load(offsets + at)),
                    Vector256.Load(scales + at) * Vector256.Create(scale),
                    Vector256.Load(bias + at)
                )
                .Store(to + at);
    }
}
