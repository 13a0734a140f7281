using TransformerClinic.Interop.Protobuf;

namespace TransformerClinic.Interop.Onnx;

/// <summary>The length of one dimension: a number, or the name of a length that each call decides.</summary>
internal readonly record struct OnnxDimension(long Length, string? Name)
{
    public static implicit operator OnnxDimension(long length) => new(length, null);

    public static implicit operator OnnxDimension(string name) => new(0, name);

    /// <summary>As TensorShapeProto.Dimension of onnx.proto.</summary>
    public ProtobufMessage ToMessage() =>
        Name is null ? new ProtobufMessage().Integer(1, Length) : new ProtobufMessage().Text(2, Name);
}
