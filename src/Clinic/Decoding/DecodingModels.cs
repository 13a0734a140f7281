using TransformerClinic.Common;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding;

/// <summary>Which kernels decode with a model.</summary>
internal static class DecodingModels
{
    /// <summary>Our own if they can, otherwise libtorch's.</summary>
    /// <exception cref="UserErrorException">Only our own support the precision, but they cannot decode with this
    /// model.</exception>
    public static IDecodingModel Of(Transformer model, DecodingPrecision precision) =>
        PackedTransformer.Serves(model) ? new PackedTransformer(model, precision)
        : precision == DecodingPrecision.Fp32 ? new TensorModel(model)
        : PackedTransformer.ForeignConnection(model) is { } connection
            ? throw new UserErrorException(
                $"Translating in {precision.ToString().ToLowerInvariant()} needs residual connections whose equation "
                    + $"has only layer normalizations with gain, bias and eps 1e-5, or none; {connection.GetName()} "
                    + "is not of that kind. Use fp32."
            )
        : throw new UserErrorException(
            $"Translating in {precision.ToString().ToLowerInvariant()} takes a model on the processor whose width "
                + $"(model.dim) is a multiple of 16; this one has the width {model.Options.Dim} and is on "
                + $"{model.Embeddings.Source.device.type.ToString().ToLowerInvariant()}. Use fp32."
        );
}
