using System.Buffers.Binary;

namespace TransformerClinic.Fuzz;

/// <summary>Small changes of bytes: what storage, transfer and malice do.</summary>
internal static class ByteMutator
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "0",
            "1",
            "-1",
            "8",
            "9223372036854775807",
            "9223372036854775808",
            "4611686018427387904",
            "1e9",
            "2.0",
            "[]",
            "[0]",
            "[0,8]",
            "[8,0]",
            "{}",
            "null",
            "true",
            "\"F32\"",
            "\"BF16\"",
            "\"F64\"",
            "\"BOOL\"",
            "\"F8\"",
            "\"dtype\":",
            "\"shape\":",
            "\"data_offsets\":",
            "\"__metadata__\":",
            "\"a\":",
            ",",
            ":",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\u0000",
            "\\ud800",
            "\\",
            " ",
            "\n",
            "\t",
            "\r",
            "\0",
            "- ",
            "? ",
            "&a ",
            "*a",
            "|",
            ">-",
            "---\n",
            "# ",
            "!!int ",
            "<<: ",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0],
        [0xff],
        [0xc3, 0xa4],
        [0xed, 0xa0, 0x80],
        [0xf0, 0x9f, 0x98, 0x80],
    ];

    private static readonly ulong[] Lengths =
    [
        0,
        1,
        7,
        8,
        100_000_000,
        100_000_001,
        int.MaxValue,
        uint.MaxValue,
        long.MaxValue,
        ulong.MaxValue,
    ];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var bytes = input;
        for (var i = 1 << random.Next(4); i > 0; i--)
        {
            bytes = Once(bytes, other, random);
        }

        return bytes;
    }

    private static byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var to = random.Next(at, Math.Min(bytes.Length, at + 32) + 1);
        switch (random.Next(9))
        {
            case 0:
                return Changed(bytes, at, (byte)(1 << random.Next(8)), random: null);
            case 1:
                return Changed(bytes, at, 0, random);
            case 2:
                return [.. bytes[..at], .. bytes[to..]];
            case 3:
                return [.. bytes[..to], .. bytes[at..]];
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            case 6:
                return [.. bytes[..at], .. Tokens[random.Next(Tokens.Length)], .. bytes[to..]];
            case 7 when bytes.Length >= 8:
                var length = bytes.ToArray();
                BinaryPrimitives.WriteUInt64LittleEndian(length, Lengths[random.Next(Lengths.Length)]);
                return length;
            default:
                return [.. bytes[..at], .. Tokens[random.Next(Tokens.Length)], .. bytes[at..]];
        }
    }

    private static byte[] Changed(byte[] bytes, int at, byte flipped, Random? random)
    {
        var changed = bytes.ToArray();
        if (at < changed.Length)
        {
            changed[at] = random is null ? (byte)(changed[at] ^ flipped) : (byte)random.Next(256);
        }

        return changed;
    }
}
