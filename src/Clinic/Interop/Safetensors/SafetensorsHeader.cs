using System.Text.Json;
using System.Text.Unicode;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>
/// Reads a safetensors header strictly: a JSON object, no key twice, known types, shapes that match their bytes, and
/// tensors that cover the data without gap or overlap (so a file contains nothing that is not named).
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The longest header that is read, as in the format's own reader.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>The key of the metadata, which no tensor may have as its name.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Entries in the order of their bytes, and the metadata.</summary>
    /// <exception cref="FormatException">The header breaks a rule; the message says which.</exception>
    public static (IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(
        ReadOnlyMemory<byte> json,
        long dataLength
    )
    {
        if (json.Length == 0 || json.Span[0] != (byte)'{')
        {
            throw new FormatException("the header does not begin with '{'");
        }

        if (!Utf8.IsValid(json.Span))
        {
            throw new FormatException("the header is not UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return Entries(document.RootElement, dataLength);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string holds half of a surrogate pair.
            throw new FormatException($"the header is not JSON ({exception.Message})", exception);
        }
    }

    private static (IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata) Entries(
        JsonElement header,
        long dataLength
    )
    {
        var tensors = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                metadata = metadata is null
                    ? Metadata(property.Value)
                    : throw new FormatException("the metadata occurs twice");
            }
            else if (!tensors.TryAdd(property.Name, Entry(property.Name, property.Value)))
            {
                throw new FormatException($"the tensor '{property.Name}' occurs twice");
            }
        }

        var ordered = tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End).ToList();
        CheckCoverage(ordered, dataLength);
        return (ordered, metadata ?? []);
    }

    private static Dictionary<string, string> Metadata(JsonElement element)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("the metadata is not an object");
        }

        foreach (var property in element.EnumerateObject())
        {
            if (
                property.Value.ValueKind != JsonValueKind.String
                || !metadata.TryAdd(property.Name, property.Value.GetString()!)
            )
            {
                throw new FormatException($"the metadata's '{property.Name}' is not one string");
            }
        }

        return metadata;
    }

    private static TensorInfo Entry(string name, JsonElement element)
    {
        if (
            element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().Count() != 3
            || !element.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out var shape)
            || !element.TryGetProperty("data_offsets", out var offsets)
        )
        {
            throw new FormatException($"the tensor '{name}' must have exactly dtype, shape and data_offsets");
        }

        var range = Numbers(offsets, name);
        if (range.Length != 2 || range[0] > range[1])
        {
            throw new FormatException($"the tensor '{name}' has no valid data_offsets");
        }

        var info = new TensorInfo(name, dtype.GetString()!, Numbers(shape, name), range[0], range[1]);
        if (TensorInfo.SizeOf(info.Dtype) == 0)
        {
            throw new FormatException($"the tensor '{name}' has the unknown type '{info.Dtype}'");
        }

        return Bytes(info) == info.End - info.Begin
            ? info
            : throw new FormatException(
                $"the tensor '{name}' has {info.End - info.Begin} bytes, which do not match its shape and type"
            );
    }

    private static long[] Numbers(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"the tensor '{name}' has something that is not a list of numbers");
        }

        return
        [
            .. element
                .EnumerateArray()
                .Select(item =>
                    item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var value) && value >= 0
                        ? value
                        : throw new FormatException(
                            $"the tensor '{name}' has a size or offset that is not a whole number"
                        )
                ),
        ];
    }

    private static long Bytes(TensorInfo info)
    {
        try
        {
            return info.Shape.Aggregate((long)TensorInfo.SizeOf(info.Dtype), (total, size) => checked(total * size));
        }
        catch (OverflowException exception)
        {
            throw new FormatException($"the tensor '{info.Name}' is impossibly large", exception);
        }
    }

    private static void CheckCoverage(IReadOnlyList<TensorInfo> ordered, long dataLength)
    {
        long end = 0;
        foreach (var tensor in ordered)
        {
            if (tensor.Begin != end)
            {
                throw new FormatException($"there is a gap or an overlap before the tensor '{tensor.Name}'");
            }

            end = tensor.End;
        }

        if (end != dataLength)
        {
            throw new FormatException($"the tensors take {end} bytes, but the file has {dataLength} bytes of data");
        }
    }
}
