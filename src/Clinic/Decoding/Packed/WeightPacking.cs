using TorchSharp;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>From a model's parameters to what kernels read.</summary>
internal static unsafe class WeightPacking
{
    /// <summary>The matrix <c>scale * W</c> with the bias <c>scale * b</c>.</summary>
    /// <param name="weight"><c>[outputs, inputs]</c>, float32 on the processor.</param>
    /// <param name="bias"><c>[outputs]</c>; null for none.</param>
    /// <param name="precision">How weights lie in memory.</param>
    /// <param name="scale">A factor of the outputs.</param>
    public static PackedMatrix Matrix(Tensor weight, Tensor? bias, DecodingPrecision precision, double scale = 1)
    {
        using var scope = NewDisposeScope();
        using Scalar factor = scale;
        var (weights, biases) = (weight.detach().mul(factor).contiguous(), bias?.detach().mul(factor).contiguous());
        var w = TensorMemory.Of<float>(weights);
        var b = TensorMemory.Of<float>(biases);
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        return precision switch
        {
            DecodingPrecision.Fp32 => new FloatMatrix<float, Float32>(w, b, inputs, outputs),
            DecodingPrecision.Bf16 => new FloatMatrix<ushort, Bfloat16>(w, b, inputs, outputs),
            DecodingPrecision.Int8 => new Int8Matrix(w, b, inputs, outputs),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This precision is not known."),
        };
    }

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
