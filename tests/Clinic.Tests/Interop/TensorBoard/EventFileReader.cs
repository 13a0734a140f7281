using System.Buffers.Binary;
using System.Text;

namespace TransformerClinic.Tests.Interop.TensorBoard;

/// <summary>An event of a TensorBoard file.</summary>
internal sealed record ReadEvent(
    double WallTime,
    long Step,
    string? FileVersion,
    IReadOnlyList<(string Tag, float Value)> Values
);

/// <summary>
/// Reads event files by the published format, sharing nothing with the writer: bitwise checksums, own decoding.
/// </summary>
internal static class EventFileReader
{
    public static IEnumerable<ReadEvent> Read(string path)
    {
        byte[] file;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var copy = new MemoryStream())
        {
            stream.CopyTo(copy);
            file = copy.ToArray();
        }

        for (var position = 0; position < file.Length; )
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(position));
            AssertChecksum(file.AsSpan(position, 8), file.AsSpan(position + 8));
            var data = file.AsSpan(position + 12, length);
            AssertChecksum(data, file.AsSpan(position + 12 + length));
            yield return Event(data);
            position += 12 + length + 4;
        }
    }

    private static void AssertChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78u);
            }
        }

        crc = ~crc;
        Assert.Equal(
            unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u),
            BinaryPrimitives.ReadUInt32LittleEndian(stored)
        );
    }

    private static ReadEvent Event(ReadOnlySpan<byte> data)
    {
        var fields = Fields(data);
        return new ReadEvent(
            BitConverter.ToDouble(fields.Single(field => field.Number == 1).Bytes),
            fields
                .Where(field => field.Number == 2)
                .Select(field => BitConverter.ToInt64(field.Bytes))
                .SingleOrDefault(),
            fields
                .Where(field => field.Number == 3)
                .Select(field => Encoding.UTF8.GetString(field.Bytes))
                .SingleOrDefault(),
            [
                .. fields
                    .Where(field => field.Number == 5)
                    .SelectMany(summary => Fields(summary.Bytes))
                    .Select(value => Value(Fields(value.Bytes))),
            ]
        );
    }

    private static (string Tag, float Value) Value(List<(int Number, byte[] Bytes)> fields) =>
        (
            Encoding.UTF8.GetString(fields.Single(field => field.Number == 1).Bytes),
            BitConverter.ToSingle(fields.Single(field => field.Number == 2).Bytes)
        );

    private static List<(int Number, byte[] Bytes)> Fields(ReadOnlySpan<byte> data)
    {
        var fields = new List<(int, byte[])>();
        while (data.Length > 0)
        {
            var tag = Varint(ref data);
            var number = (int)(tag >> 3);
            if ((tag & 7) == 0)
            {
                fields.Add((number, BitConverter.GetBytes(Varint(ref data))));
                continue;
            }

            var length = (tag & 7) switch
            {
                1 => 8,
                5 => 4,
                2 => (int)Varint(ref data),
                _ => throw new FormatException($"wire type {tag & 7}"),
            };
            fields.Add((number, data[..length].ToArray()));
            data = data[length..];
        }

        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[0];
            data = data[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
