using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.CTranslate2;

/// <summary>A variable of a CTranslate2 model: a tensor, or a number of rank 0.</summary>
/// <param name="Type">The type of its elements, as CTranslate2 numbers them.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Bytes">Its elements, little-endian, row by row.</param>
internal sealed record CTranslate2Variable(byte Type, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    private const byte Float32 = 0;
    private const byte Int8 = 1;
    private const byte Int16 = 2;

    /// <summary>A tensor of float32.</summary>
    public static CTranslate2Variable Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        var contiguous = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return new CTranslate2Variable(Float32, contiguous.shape, contiguous.bytes.ToArray());
    }

    /// <summary>A tensor of int8.</summary>
    public static CTranslate2Variable OfIntegers(Tensor values)
    {
        using var scope = NewDisposeScope();
        var contiguous = values.to(ScalarType.Int8).cpu().contiguous();
        return new CTranslate2Variable(Int8, contiguous.shape, contiguous.bytes.ToArray());
    }

    /// <summary>A float32.</summary>
    public static CTranslate2Variable Of(float value) =>
        new(Float32, [], MemoryMarshal.AsBytes<float>([value]).ToArray());

    /// <summary>A small integer.</summary>
    public static CTranslate2Variable Of(short value) =>
        new(Int16, [], MemoryMarshal.AsBytes<short>([value]).ToArray());

    /// <summary>A truth value, or a small enumeration's.</summary>
    public static CTranslate2Variable Of(sbyte value) => new(Int8, [], new[] { unchecked((byte)value) });

    /// <summary>Whether another variable is the same tensor, and need not be stored a second time.</summary>
    public bool HasContentOf(CTranslate2Variable other) =>
        Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape) && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <summary>Writes name, rank, dimensions, type, length and elements.</summary>
    public void Write(BinaryWriter writer, string name)
    {
        WriteText(writer, name);
        writer.Write((byte)Shape.Length);
        foreach (var length in Shape)
        {
            writer.Write(checked((uint)length));
        }

        writer.Write(Type);
        writer.Write(checked((uint)Bytes.Length));
        writer.Write(Bytes.Span);
    }

    /// <summary>Reads what follows the name.</summary>
    /// <exception cref="InvalidDataException">
    /// The type is not one that exports have, or the length is wrong.
    /// </exception>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public static CTranslate2Variable Read(BinaryReader reader)
    {
        var shape = new long[reader.ReadByte()];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.ReadUInt32();
        }

        var type = reader.ReadByte();
        var size = type switch
        {
            Float32 => 4,
            Int8 => 1,
            Int16 => 2,
            _ => throw new InvalidDataException($"A variable has the type {type}, which exports do not have."),
        };
        var length = reader.ReadUInt32();
        var expected = shape.Aggregate((UInt128)size, (total, dimension) => total * (UInt128)dimension);
        if (length != expected || length > int.MaxValue)
        {
            throw new InvalidDataException($"A variable of {expected} bytes has {length}.");
        }

        // In parts: a damaged length must not take memory that the file does not have.
        using var bytes = new MemoryStream();
        for (var left = (int)length; left > 0; )
        {
            var part = reader.ReadBytes(Math.Min(left, 1 << 20));
            bytes.Write(part.Length > 0 ? part : throw new EndOfStreamException());
            left -= part.Length;
        }

        return new CTranslate2Variable(type, shape, bytes.ToArray());
    }

    /// <summary>The tensor in float32.</summary>
    public Tensor ToTensor()
    {
        var values = Type switch
        {
            Float32 => tensor(MemoryMarshal.Cast<byte, float>(Bytes.Span).ToArray()),
            Int8 => tensor(Array.ConvertAll(Bytes.ToArray(), value => (float)unchecked((sbyte)value))),
            _ => throw new InvalidDataException("A variable of small integers is not a tensor."),
        };
        return values.reshape(Shape);
    }

    /// <summary>Reads a string as <see cref="WriteText"/> writes it.</summary>
    public static string ReadText(BinaryReader reader)
    {
        var bytes = reader.ReadBytes(reader.ReadUInt16());
        return bytes is [.. var text, 0]
            ? Encoding.UTF8.GetString(text)
            : throw new InvalidDataException("A name does not end with a zero.");
    }

    /// <summary>Writes a string: its length in bytes with the ending zero, its bytes, the zero.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(checked((ushort)(bytes.Length + 1)));
        writer.Write(bytes);
        writer.Write((byte)0);
    }
}
