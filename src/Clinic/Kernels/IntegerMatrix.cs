using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A packed matrix of integer weights whose inputs have as many bits as keep the sum of products in 32: <c>|p| &lt;=
/// 2^31 / (g inputs)</c>, at most 2^15 - 1, unless fewer are asked for.
/// </summary>
/// <typeparam name="T">How a weight is stored.</typeparam>
/// <typeparam name="TIntegers">How it is read.</typeparam>
internal sealed unsafe class IntegerMatrix<T, TIntegers> : QuantizedMatrix<T>
    where T : unmanaged, INumber<T>
    where TIntegers : struct, IIntegers<T>
{
    private const int Group = 2;
    private readonly float _greatestInput;

    /// <summary>Packs a weight <c>[outputs, inputs]</c>; in a panel the weights of two inputs alternate.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">One value an output; null for none.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="greatestWeight">
    /// g, which the type has; null shares the 32 bits out evenly between weights and inputs.
    /// </param>
    /// <param name="greatestInput">The largest input, if it is not to be as large as it can.</param>
    public IntegerMatrix(
        float* weight,
        float* bias,
        int inputs,
        int outputs,
        int? greatestWeight,
        int greatestInput = short.MaxValue
    )
        : base(weight, bias, inputs, outputs, Group, greatestWeight ?? EvenShare(inputs)) =>
        _greatestInput = Math.Min(greatestInput, int.MaxValue / ((greatestWeight ?? EvenShare(inputs)) * inputs));

    /// <inheritdoc/>
    protected override float Quantize(float* row, int* groups) =>
        IntegerRow.From(row, Inputs, _greatestInput, (short*)groups);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void One(int panel, int* x, float scale, float* bias, float* to)
    {
        var weights = Weights(panel);
        var (a, b, c, d) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        for (var k = 0; k < Groups; k++, weights += Group * PanelWidth)
        {
            var input = Vector512.Create(x[k]).AsInt16();
            a += PairProducts.Sum(TIntegers.Load(weights), input);
            b += PairProducts.Sum(TIntegers.Load(weights + 32), input);
            c += PairProducts.Sum(TIntegers.Load(weights + 64), input);
            d += PairProducts.Sum(TIntegers.Load(weights + 96), input);
        }

        Store(a, b, c, d, scale, Scales(panel), bias, to);
    }

    /// <summary>
    /// Four rows, sixteen sums in registers: the letter is the part of the panel, the number the row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Several(int panel, int* x, int count, float* scale, float* bias, float* to, int stride)
    {
        var weights = Weights(panel);
        var scales = Scales(panel);
        var x1 = x + Groups;
        var x2 = x1 + Groups;
        var x3 = x2 + Groups;
        var (a0, b0, c0, d0) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var (a1, b1, c1, d1) = (a0, b0, c0, d0);
        var (a2, b2, c2, d2) = (a0, b0, c0, d0);
        var (a3, b3, c3, d3) = (a0, b0, c0, d0);
        for (var k = 0; k < Groups; k++, weights += Group * PanelWidth)
        {
            var (a, b, c, d) = (
                TIntegers.Load(weights),
                TIntegers.Load(weights + 32),
                TIntegers.Load(weights + 64),
                TIntegers.Load(weights + 96)
            );
            var input = Vector512.Create(x[k]).AsInt16();
            a0 += PairProducts.Sum(a, input);
            b0 += PairProducts.Sum(b, input);
            c0 += PairProducts.Sum(c, input);
            d0 += PairProducts.Sum(d, input);
            input = Vector512.Create(x1[k]).AsInt16();
            a1 += PairProducts.Sum(a, input);
            b1 += PairProducts.Sum(b, input);
            c1 += PairProducts.Sum(c, input);
            d1 += PairProducts.Sum(d, input);
            input = Vector512.Create(x2[k]).AsInt16();
            a2 += PairProducts.Sum(a, input);
            b2 += PairProducts.Sum(b, input);
            c2 += PairProducts.Sum(c, input);
            d2 += PairProducts.Sum(d, input);
            input = Vector512.Create(x3[k]).AsInt16();
            a3 += PairProducts.Sum(a, input);
            b3 += PairProducts.Sum(b, input);
            c3 += PairProducts.Sum(c, input);
            d3 += PairProducts.Sum(d, input);
        }

        Store(a0, b0, c0, d0, scale[0], scales, bias, to);
        Store(a1, b1, c1, d1, scale[1], scales, bias, to + stride);
        Store(a2, b2, c2, d2, scale[2], scales, bias, to + (2L * stride));
        Store(a3, b3, c3, d3, scale[3], scales, bias, to + (3L * stride));
    }

    private static void Store(
        Vector512<int> a,
        Vector512<int> b,
        Vector512<int> c,
        Vector512<int> d,
        float scale,
        float* scales,
        float* bias,
        float* to
    )
    {
        Store(a, scale, scales, bias, to);
        Store(b, scale, scales + 16, bias + 16, to + 16);
        Store(c, scale, scales + 32, bias + 32, to + 32);
        Store(d, scale, scales + 48, bias + 48, to + 48);
    }

    private static int EvenShare(int inputs) => Math.Min(short.MaxValue, (int)Math.Sqrt(int.MaxValue / inputs));
}
