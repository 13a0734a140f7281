namespace TransformerClinic.Interop.Safetensors;

/// <summary>A tensor to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Its element type as the format writes it, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Write">Writes its bytes, little-endian, row after row.</param>
internal sealed record TensorSource(string Name, string Dtype, long[] Shape, Action<Stream> Write)
{
    /// <summary>Number of bytes.</summary>
    public long Length => Shape.Aggregate((long)TensorInfo.SizeOf(Dtype), (total, size) => checked(total * size));
}
