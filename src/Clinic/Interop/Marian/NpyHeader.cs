using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Interop.Marian;

/// <summary>The header of an array of NumPy (<c>.npy</c>): the type of its elements, their order, its shape.</summary>
/// <param name="Type">Such as <c>&lt;f4</c>.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Its shape.</param>
internal sealed partial record NpyHeader(string Type, bool IsFortranOrder, IReadOnlyList<long> Shape)
{
    private const int MaxLength = 1 << 16;

    /// <summary>Bytes of an element; 0 for a type that has no size.</summary>
    public int ElementSize =>
        int.TryParse(
            Type.AsSpan(Math.Min(Type.Length, 2)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var size
        )
            ? size
            : 0;

    /// <summary>Reads a header; the stream is then at the first element.</summary>
    /// <exception cref="InvalidDataException">It is not such a header.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!start[..6].SequenceEqual(Magic))
        {
            throw new InvalidDataException("it is not an array of NumPy");
        }

        Span<byte> size = stackalloc byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(size);
        var length =
            size.Length == sizeof(ushort)
                ? BinaryPrimitives.ReadUInt16LittleEndian(size)
                : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxLength)
        {
            throw new InvalidDataException("its header is too long");
        }

        var text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.Latin1.GetString(text));
    }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static NpyHeader Parse(string text)
    {
        var (type, order, shape) = (TypeKey().Match(text), OrderKey().Match(text), ShapeKey().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new InvalidDataException("its header is not one of NumPy");
        }

        var sizes = new List<long>();
        foreach (var size in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (size.Length > 0)
            {
                sizes.Add(
                    long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    && value <= int.MaxValue
                        ? value
                        : throw new InvalidDataException("its shape is not one of numbers")
                );
            }
        }

        return new NpyHeader(type.Groups[1].Value, order.Groups[1].Value == "True", sizes);
    }

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex TypeKey();

    [GeneratedRegex("'fortran_order': *(True|False)")]
    private static partial Regex OrderKey();

    [GeneratedRegex(@"'shape': *\(([0-9, ]*)\)")]
    private static partial Regex ShapeKey();
}
