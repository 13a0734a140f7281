namespace TransformerClinic.Interop.Onnx;

/// <summary>Types of elements as ONNX numbers them (onnx.proto, TensorProto.DataType).</summary>
internal enum OnnxType
{
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
}
