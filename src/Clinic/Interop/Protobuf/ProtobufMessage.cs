using System.Buffers.Binary;
using System.Text;

namespace TransformerClinic.Interop.Protobuf;

/// <summary>
/// Builds a message in the wire format of Protocol Buffers (protobuf.dev, "Encoding"). A message keeps the parts that
/// it was given and copies none of them before it is written, so that large tensors are held once.
/// </summary>
internal sealed class ProtobufMessage
{
    /// <summary>Readers refuse longer messages: <c>2^31 - 1</c> bytes.</summary>
    public const long Longest = int.MaxValue;

    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>Its length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an integer, an enumeration's value or a boolean.</summary>
    public ProtobufMessage Integer(int field, long value)
    {
        Tag(field, Varint);
        WriteVarint(unchecked((ulong)value));
        return this;
    }

    /// <summary>Adds a boolean.</summary>
    public ProtobufMessage Boolean(int field, bool value) => Integer(field, value ? 1 : 0);

    /// <summary>Adds a float64.</summary>
    public ProtobufMessage Double(int field, double value)
    {
        Tag(field, Fixed64);
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        Append(bytes);
        return this;
    }

    /// <summary>Adds a float32.</summary>
    public ProtobufMessage Float(int field, float value)
    {
        Tag(field, Fixed32);
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(bytes);
        return this;
    }

    /// <summary>Adds a string in UTF-8.</summary>
    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds bytes, which must not change before the message is written.</summary>
    public ProtobufMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        Append(value);
        return this;
    }

    /// <summary>Adds a message, which must not change any more.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage value)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        _parts.AddRange(value._parts);
        Length += value.Length;
        return this;
    }

    /// <summary>Adds the fields of another message, which must not change any more.</summary>
    public ProtobufMessage Concat(ProtobufMessage fields)
    {
        _parts.AddRange(fields._parts);
        Length += fields.Length;
        return this;
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var part in _parts)
        {
            stream.Write(part.Span);
        }
    }

    /// <summary>The message as it is written.</summary>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream(checked((int)Length));
        WriteTo(stream);
        return stream.ToArray();
    }

    private void Tag(int field, int wireType) => WriteVarint(((ulong)field << 3) | (uint)wireType);

    private void WriteVarint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        Append(bytes[..length].ToArray());
    }

    private void Append(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        Length += part.Length;
    }
}
