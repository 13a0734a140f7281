using System.Buffers.Binary;
using System.Text.Json;

namespace TransformerClinic.Interop;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Its element type as the format writes it, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Write">Writes its bytes, little-endian, row after row.</param>
public sealed record TensorSource(string Name, string Dtype, long[] Shape, Action<Stream> Write)
{
    /// <summary>Number of bytes.</summary>
    public long Length => Shape.Aggregate((long)TensorInfo.SizeOf(Dtype), (total, size) => checked(total * size));
}

/// <summary>Writes safetensors, tensors in the order given, the header padded so that the data begins at a multiple of 8.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes tensors and metadata to a stream.</summary>
    /// <exception cref="InvalidOperationException">A tensor wrote another number of bytes than its shape makes.</exception>
    public static void Write(Stream stream, IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            var before = stream.Position;
            tensor.Write(stream);
            if (stream.Position - before != tensor.Length)
            {
                throw new InvalidOperationException($"The tensor '{tensor.Name}' wrote {stream.Position - before} bytes instead of {tensor.Length}.");
            }
        }
    }

    private static byte[] Header(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WritePropertyName("__metadata__");
                JsonSerializer.Serialize(writer, metadata);
            }

            long offset = 0;
            foreach (var tensor in tensors)
            {
                writer.WritePropertyName(tensor.Name);
                JsonSerializer.Serialize(writer, new { dtype = tensor.Dtype, shape = tensor.Shape, data_offsets = new[] { offset, offset + tensor.Length } });
                offset += tensor.Length;
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0)
        {
            json.WriteByte((byte)' ');
        }

        return json.ToArray();
    }
}
