using System.Buffers.Binary;
using System.Text.Json;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>
/// Writes safetensors: tensors in the order given, metadata by key, the header padded so that the data begins at a
/// multiple of 8. Equal content gives equal bytes. Tensors are written one by one, so a large file needs no second
/// copy.
/// </summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes tensors and metadata to a stream.</summary>
    /// <exception cref="ArgumentException">
    /// Two tensors have the same name, a name or type is not part of the format, or a text is not Unicode.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor wrote a different number of bytes than its shape needs.
    /// </exception>
    public static void Write(
        Stream stream,
        IReadOnlyList<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        Check(tensors, metadata);
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
                throw new InvalidOperationException(
                    $"The tensor '{tensor.Name}' wrote {stream.Position - before} bytes instead of {tensor.Length}."
                );
            }
        }
    }

    private static void Check(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        // The JSON writer would replace half a surrogate pair by a mark, and the name would be a different one.
        foreach (
            var text in tensors
                .Select(tensor => tensor.Name)
                .Concat(metadata?.SelectMany(entry => new[] { entry.Key, entry.Value }) ?? [])
        )
        {
            if (!IsUnicode(text))
            {
                throw new ArgumentException(
                    $"The text '{text}' contains half a surrogate pair, which no file can store.",
                    nameof(tensors)
                );
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"The name '{tensor.Name}' is taken.", nameof(tensors));
            }

            if (TensorInfo.SizeOf(tensor.Dtype) == 0)
            {
                throw new ArgumentException(
                    $"The tensor '{tensor.Name}' has the type '{tensor.Dtype}', which the format does not have.",
                    nameof(tensors)
                );
            }
        }
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Header(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WritePropertyName(SafetensorsHeader.MetadataKey);
                JsonSerializer.Serialize(
                    writer,
                    new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal)
                );
            }

            long offset = 0;
            foreach (var tensor in tensors)
            {
                writer.WritePropertyName(tensor.Name);
                JsonSerializer.Serialize(
                    writer,
                    new
                    {
                        dtype = tensor.Dtype,
                        shape = tensor.Shape,
                        data_offsets = new[] { offset, offset + tensor.Length },
                    }
                );
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
