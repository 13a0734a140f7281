using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>From a model's parameters to what kernels read.</summary>
internal static unsafe class WeightPacking
{
    /// <summary>The matrix <c>diag(scale) W</c> with the bias <c>scale * b</c>.</summary>
    /// <param name="weight"><c>[outputs, inputs]</c>, float32 on the processor.</param>
    /// <param name="bias"><c>[outputs]</c>; null for none.</param>
    /// <param name="precision">How weights are stored.</param>
    /// <param name="scale">A factor of each output; null for 1.</param>
    public static PackedMatrix Matrix(
        Tensor weight,
        Tensor? bias,
        DecodingPrecision precision,
        IReadOnlyList<double>? scale = null
    )
    {
        using var scope = NewDisposeScope();
        using var factor = scale is null ? null : tensor([.. scale], ScalarType.Float32);
        var (weights, biases) = (
            Scaled(weight, factor?.unsqueeze(1)).contiguous(),
            bias is null ? null : Scaled(bias, factor).contiguous()
        );
        var w = TensorMemory.Of<float>(weights);
        var b = TensorMemory.Of<float>(biases);
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        return precision switch
        {
            DecodingPrecision.Fp32 => new FloatMatrix<float, Float32>(w, b, inputs, outputs),
            DecodingPrecision.Bf16 => new FloatMatrix<ushort, Bfloat16>(w, b, inputs, outputs),
            DecodingPrecision.Int8 => Bytes(w, b, inputs, outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This precision is not known."),
        };
    }

    /// <summary>
    /// The output projection. Where other weights have 8 bits, its have as many as inputs have (12 with 512 inputs):
    /// rounding to 8 would change more translations than all others together do, and products of integers are as fast
    /// with them.
    /// </summary>
    public static PackedMatrix Projection(Tensor weight, Tensor? bias, DecodingPrecision precision)
    {
        if (precision != DecodingPrecision.Int8)
        {
            return Matrix(weight, bias, precision);
        }

        using var scope = NewDisposeScope();
        return new IntegerMatrix<short, Integers16>(
            TensorMemory.Of<float>(weight.detach().contiguous()),
            TensorMemory.Of<float>(bias?.detach().contiguous()),
            (int)weight.shape[1],
            (int)weight.shape[0],
            greatestWeight: null
        );
    }

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

    private static Tensor Scaled(Tensor values, Tensor? factor) =>
        factor is null ? values.detach() : values.detach().mul(factor);

    /// <summary>A copy of a vector.</summary>
    public static AlignedMemory<float> Vector(Tensor values)
    {
        using var scope = NewDisposeScope();
        return Vector(values.detach().contiguous().data<float>().ToArray());
    }

    /// <summary>A copy of a vector.</summary>
    public static AlignedMemory<float> Vector(ReadOnlySpan<float> values)
    {
        var memory = new AlignedMemory<float>(values.Length);
        values.CopyTo(new Span<float>(memory.Start, values.Length));
        return memory;
    }
}
