using System.Buffers.Binary;
using System.Numerics;

namespace TransformerClinic.Interop.TensorBoard;

/// <summary>
/// TensorFlow's record: length (8 bytes), its masked CRC-32C (4), data, their masked CRC-32C (4), all little-endian
/// (tensorflow, record_writer.h).
/// </summary>
internal static class TfRecord
{
    private const int HeaderLength = 12;
    private const int FooterLength = 4;

    /// <summary>Writes a record in one call, so that a file seldom ends in the middle of one.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        var record = new byte[HeaderLength + data.Length + FooterLength];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + data.Length), MaskedCrc(data));
        stream.Write(record);
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>
    /// Rotated right by 15 bits plus a constant, so that the CRC of data that contain CRCs stays meaningful.
    /// </summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> data) =>
        unchecked(BitOperations.RotateRight(Crc32C(data), 15) + 0xa282ead8);
}
