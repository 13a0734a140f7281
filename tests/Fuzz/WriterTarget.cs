using System.Text;
using TransformerClinic.Interop.Safetensors;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The writer of safetensors on tensors and metadata drawn from the input's bytes: names of any characters, all types
/// and some that are none, shapes with zeros. It may refuse them; what it writes the reader must read back the same.
/// </summary>
internal sealed class WriterTarget : IFuzzTarget
{
    private static readonly string[] Dtypes =
    [
        "F64",
        "F32",
        "F16",
        "BF16",
        "I64",
        "I32",
        "I16",
        "I8",
        "U64",
        "U32",
        "U16",
        "U8",
        "BOOL",
        "F4",
        "",
    ];
    private static readonly char[] Unusual =
    [
        '\0',
        '"',
        '\\',
        '\n',
        '\u2028',
        'ä',
        '\ud800',
        '\udc00',
        '\uffff',
        '<',
        '\'',
        '.',
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("clinic-fuzz-").FullName;

    public string Name => "writer";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Enumerable
            .Range(0, 8)
            .Select(seed =>
            {
                var bytes = new byte[64];
                new Random(seed).NextBytes(bytes);
                return bytes;
            }),
    ];

    public byte[] Mutate(byte[] input, byte[] other, Random random) => ByteMutator.Mutate(input, other, random);

    public string Run(byte[] input)
    {
        var draw = new Draw(input);
        var tensors = Enumerable.Range(0, draw.Next(5)).Select(_ => Tensor(draw)).ToList();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = draw.Next(3); i > 0; i--)
        {
            metadata[Text(draw)] = Text(draw);
        }

        var path = Path.Combine(_folder, "output.safetensors");
        try
        {
            using var stream = new FileStream(path, FileMode.Create);
            SafetensorsWriter.Write(
                stream,
                [
                    .. tensors.Select(tensor => new TensorSource(
                        tensor.Name,
                        tensor.Dtype,
                        tensor.Shape,
                        to => to.Write(tensor.Bytes)
                    )),
                ],
                metadata
            );
        }
        catch (ArgumentException refused)
        {
            return $"refused: {MessageTemplate.Of(refused.Message)}";
        }

        using var file = SafetensorsFile.Open(path);
        if (
            tensors.Any(tensor => !Same(file, tensor))
            || file.Tensors.Count != tensors.Count
            || !metadata
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SequenceEqual(file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        )
        {
            throw new InvalidDataException("what was written is not what is read");
        }

        return $"written: {tensors.Count} "
            + $"tensors{(tensors.Any(tensor => tensor.Bytes.Length == 0) ? ", an empty one" : "")}, {metadata.Count} "
            + "of metadata";
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool Same(SafetensorsFile file, (string Name, string Dtype, long[] Shape, byte[] Bytes) tensor)
    {
        var info = file.Info(tensor.Name);
        var bytes = new byte[info.End - info.Begin];
        file.Read(tensor.Name, bytes);
        return info.Dtype == tensor.Dtype
            && info.Shape.SequenceEqual(tensor.Shape)
            && bytes.AsSpan().SequenceEqual(tensor.Bytes);
    }

    private static (string Name, string Dtype, long[] Shape, byte[] Bytes) Tensor(Draw draw)
    {
        var (name, dtype) = (Text(draw), Dtypes[draw.Next(Dtypes.Length)]);
        long[] shape = [.. Enumerable.Range(0, draw.Next(4)).Select(_ => (long)draw.Next(4))];
        var bytes = new byte[shape.Aggregate((long)Size(dtype), (total, size) => total * size)];
        Array.Fill(bytes, (byte)draw.Next(256));
        return (name, dtype, shape, bytes);
    }

    private static int Size(string dtype) =>
        dtype switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            _ => 1,
        };

    private static string Text(Draw draw)
    {
        var text = new StringBuilder();
        for (var i = draw.Next(6); i > 0; i--)
        {
            text.Append(draw.Next(3) == 0 ? Unusual[draw.Next(Unusual.Length)] : (char)('a' + draw.Next(3)));
        }

        return draw.Next(40) == 0 ? "__metadata__" : text.ToString();
    }

    /// <summary>Numbers from bytes; zeros once they are used up.</summary>
    private sealed class Draw(byte[] bytes)
    {
        private int _at;

        public int Next(int below) => _at < bytes.Length ? bytes[_at++] % below : 0;
    }
}
