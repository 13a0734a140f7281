using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>Tensors of a safetensors file as tensors of libtorch.</summary>
internal static class SafetensorsTensors
{
    /// <summary>A tensor in the type that it is stored in, on the CPU, owned by the current dispose scope.</summary>
    /// <exception cref="UserErrorException">
    /// The file has no such tensor, or libtorch does not compute with its type.
    /// </exception>
    public static Tensor ReadTensor(this SafetensorsFile file, string name)
    {
        var info = file.Info(name);
        var tensor = empty(
            info.Shape,
            TypeOf(info.Dtype)
                ?? throw new UserErrorException(
                    $"{file.Path}: the tensor '{name}' is {info.Dtype}, a type that cannot be used for computing here."
                )
        );
        file.Read(name, tensor.bytes);
        return tensor;
    }

    private static ScalarType? TypeOf(string dtype) =>
        dtype switch
        {
            "F64" => ScalarType.Float64,
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            "I64" => ScalarType.Int64,
            "I32" => ScalarType.Int32,
            "I16" => ScalarType.Int16,
            "I8" => ScalarType.Int8,
            "U8" => ScalarType.Byte,
            "BOOL" => ScalarType.Bool,
            _ => null,
        };
}
