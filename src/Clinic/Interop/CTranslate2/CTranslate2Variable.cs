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

    /// <summary>Writes a string: its length in bytes with the ending zero, its bytes, the zero.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(checked((ushort)(bytes.Length + 1)));
        writer.Write(bytes);
        writer.Write((byte)0);
    }
}
