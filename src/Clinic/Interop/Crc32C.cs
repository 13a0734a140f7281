namespace TransformerClinic.Interop;

/// <summary>CRC-32C (Castagnoli polynomial, RFC 3720), as TensorBoard's record format uses it.</summary>
internal static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            }
        }

        return ~crc;
    }

    /// <summary>The checksum as records carry it: rotated and offset, so that a checksum of checksums is no trivial value.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(uint.RotateRight(Of(bytes), 15) + 0xA282EAD8u);
}
