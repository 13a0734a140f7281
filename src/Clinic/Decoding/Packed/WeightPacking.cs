using TransformerClinic.Kernels;

namespace TransformerClinic.Decoding.Packed;

/// <summary>From a model's parameters to what kernels read.</summary>
internal static unsafe class WeightPacking
{
    /// <summary>The matrix <c>diag(scale) W</c> with the bias <c>scale * b</c>.</summary>
    /// <param name="weight"><c>[outputs, inputs]</c></param>
    /// <param name="bias"><c>[outputs]</c>; null for none.</param>
    /// <param name="precision">How weights are stored.</param>
    /// <param name="scale">A factor of each output; null for 1.</param>
    public static PackedMatrix Matrix(
        WeightMemory weight,
        WeightMemory? bias,
        DecodingPrecision precision,
        IReadOnlyList<double>? scale = null
    )
    {
        if (scale is null || scale.All(factor => factor == 1))
        {
            return Matrix(weight.Start, Start(bias), weight.Columns, weight.Rows, precision);
        }

        using var weights = Scaled(weight, scale);
        using var biases = bias is null ? null : Scaled(bias, scale);
        return Matrix(weights.Start, biases is null ? null : biases.Start, weight.Columns, weight.Rows, precision);
    }

    private static PackedMatrix Matrix(
        float* weight,
        float* bias,
        int inputs,
        int outputs,
        DecodingPrecision precision
    ) =>
        precision switch
        {
            DecodingPrecision.Fp32 => new FloatMatrix<float, Float32>(weight, bias, inputs, outputs),
            DecodingPrecision.Bf16 => new FloatMatrix<ushort, Bfloat16>(weight, bias, inputs, outputs),
            DecodingPrecision.Int8 => Bytes(weight, bias, inputs, outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This precision is not known."),
        };

    /// <summary>
    /// The output projection. Where other weights have 8 bits, its have as many as inputs have (12 with 512 inputs):
    /// rounding to 8 would change more translations than all others together do, and products of integers are as fast
    /// with them.
    /// </summary>
    public static PackedMatrix Projection(WeightMemory weight, WeightMemory? bias, DecodingPrecision precision) =>
        precision == DecodingPrecision.Int8
            ? new IntegerMatrix<short, Integers16>(
                weight.Start,
                Start(bias),
                weight.Columns,
                weight.Rows,
                greatestWeight: null
            )
            : Matrix(weight, bias, precision);

    /// <summary>Weights and inputs of 8 bits: the faster of two kernels with the same numbers.</summary>
    private static PackedMatrix Bytes(float* weight, float* bias, int inputs, int outputs) =>
        ByteProducts.IsFast && inputs <= ByteMatrix.MostInputs
            ? new ByteMatrix(weight, bias, inputs, outputs)
            : new IntegerMatrix<sbyte, Integers8>(
                weight,
                bias,
                inputs,
                outputs,
                ByteMatrix.Greatest,
                ByteMatrix.Greatest
            );

    private static float* Start(WeightMemory? values) => values is null ? null : values.Start;

    /// <summary>A copy whose rows are multiplied by a factor each.</summary>
    private static ScratchMemory<float> Scaled(WeightMemory values, IReadOnlyList<double> factors)
    {
        var scaled = new ScratchMemory<float>((long)values.Rows * values.Columns);
        for (var row = 0; row < values.Rows; row++)
        {
            var first = (long)row * values.Columns;
            ElementwiseRow.Scale(values.Start + first, (float)factors[row], values.Columns, scaled.Start + first);
        }

        return scaled;
    }

    /// <summary>A copy of a vector.</summary>
    public static AlignedMemory<float> Vector(ReadOnlySpan<float> values)
    {
        var memory = new AlignedMemory<float>(values.Length);
        values.CopyTo(new Span<float>(memory.Start, values.Length));
        return memory;
    }
}
