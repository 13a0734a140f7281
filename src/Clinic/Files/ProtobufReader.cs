using System.Buffers.Binary;
using System.Text;

namespace TransformerClinic.Files;

/// <summary>
/// Reads the fields of a message in the wire format of Protocol Buffers (protobuf.dev, "Encoding"), one after another.
/// Nothing is copied, and a length that goes beyond the message is refused before it is used.
/// </summary>
/// <param name="message">The message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        LengthDelimited = 2,
        Fixed32 = 5,
    }

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its integer, boolean or enumeration; 0 where it is something else.</summary>
    public readonly long Integer => unchecked((long)_number);

    /// <summary>Its float32; 0 where it is something else.</summary>
    public readonly float Float => BitConverter.UInt32BitsToSingle(unchecked((uint)_number));

    /// <summary>Its bytes, or the message that it is; none where it is something else.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Its text; what is not UTF-8 becomes U+FFFD.</summary>
    public readonly string Text => Encoding.UTF8.GetString(_bytes);

    /// <summary>Reads the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool Next()
    {
        _number = 0;
        _bytes = default;
        if (_at == _message.Length)
        {
            return false;
        }

        var tag = Varint();
        Field = tag is > 0 and <= uint.MaxValue ? (int)(tag >> 3) : 0;
        if (Field == 0)
        {
            throw new InvalidDataException("A field has no number.");
        }

        switch ((WireType)(tag & 7))
        {
            case WireType.Varint:
                _number = Varint();
                break;
            case WireType.Fixed64:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case WireType.Fixed32:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            case WireType.LengthDelimited:
                _bytes = Take(Varint());
                break;
            default:
                throw new InvalidDataException($"Field {Field} is of no known kind.");
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_message.Length - _at))
        {
            throw new InvalidDataException("It ends in the middle of a field.");
        }

        var taken = _message.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }
}
