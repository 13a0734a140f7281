namespace TransformerClinic.Fuzz;

/// <summary>
/// Changes of a pickle that mostly leave it one: operations are repeated, taken out, exchanged, or taken from another
/// pickle, and numbers become others.
/// </summary>
internal static class PickleMutator
{
    private static readonly byte[][] Operations =
    [
        "N"u8.ToArray(),
        "]"u8.ToArray(),
        "}"u8.ToArray(),
        ")"u8.ToArray(),
        "("u8.ToArray(),
        "t"u8.ToArray(),
        "R"u8.ToArray(),
        "b"u8.ToArray(),
        "Q"u8.ToArray(),
        "u"u8.ToArray(),
        "e"u8.ToArray(),
        [0x85],
        [0x86],
        [0x88],
        [0x89],
        [(byte)'K', 0],
        [(byte)'K', 200],
        [(byte)'M', 0xff, 0xff],
        [(byte)'J', 0, 0, 0, 0x80],
        [(byte)'J', 0xff, 0xff, 0xff, 0x7f],
        [0x8a, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [(byte)'G', 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
        [(byte)'G', 0x7f, 0xef, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [(byte)'q', 1],
        [(byte)'h', 1],
        "cos\nsystem\n"u8.ToArray(),
        "ctorch\nSize\n"u8.ToArray(),
        "ctorch._utils\n_rebuild_parameter\n"u8.ToArray(),
        "ctorch\nDoubleStorage\n"u8.ToArray(),
    ];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var (operations, others) = (Split(input), Split(other));
        for (var i = 1 + random.Next(3); i > 0 && operations.Count > 0; i--)
        {
            var at = random.Next(operations.Count);
            var count = Math.Min(random.Next(1, 12), operations.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    operations.RemoveRange(at, count);
                    break;
                case 1:
                    operations.InsertRange(at, operations.GetRange(at, count));
                    break;
                case 2:
                    operations[at] = operations[random.Next(operations.Count)];
                    break;
                case 3 when others.Count > 0:
                    var from = random.Next(others.Count);
                    operations.InsertRange(at, others.GetRange(from, Math.Min(count, others.Count - from)));
                    break;
                case 4:
                    operations.Insert(at, Operations[random.Next(Operations.Length)]);
                    break;
                default:
                    operations[at] = Operations[random.Next(Operations.Length)];
                    break;
            }
        }

        return [.. operations.SelectMany(operation => operation)];
    }

    /// <summary>The operations with their arguments; what is not known is one byte.</summary>
    private static List<byte[]> Split(byte[] pickle)
    {
        var operations = new List<byte[]>();
        for (var at = 0; at < pickle.Length; at += operations[^1].Length)
        {
            operations.Add(pickle[at..Math.Min(pickle.Length, at + LengthAt(pickle, at))]);
        }

        return operations;
    }

    private static int LengthAt(byte[] pickle, int at) =>
        pickle[at] switch
        {
            0x80 or (byte)'K' or (byte)'q' or (byte)'h' => 2,
            (byte)'M' => 3,
            (byte)'J' or (byte)'r' or (byte)'j' => 5,
            (byte)'G' => 9,
            0x8a or 0x8c or (byte)'U' => 2 + (at + 1 < pickle.Length ? pickle[at + 1] : 0),
            (byte)'X' => 5 + (at + 1 < pickle.Length ? pickle[at + 1] : 0),
            (byte)'c' => LinesEnd(pickle, at) - at,
            _ => 1,
        };

    private static int LinesEnd(byte[] pickle, int at)
    {
        for (var lines = 0; at < pickle.Length && lines < 2; at++)
        {
            lines += pickle[at] == (byte)'\n' ? 1 : 0;
        }

        return at;
    }
}
