using System.Buffers.Binary;
using System.Text;
using TransformerClinic.Interop.Safetensors;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of safetensors on files that are nearly right. It may refuse a file, naming it; what it accepts it must
/// read whole, every byte belonging to one tensor, and writing that again must give a file that says the same.
/// </summary>
internal sealed class ReaderTarget() : FileTarget("reader", "input.safetensors")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8),
        File(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b.c":"""
                + """{"dtype":"I64","shape":[],"data_offsets":[8,16]},"empty":"""
                + """{"dtype":"U8","shape":[0,3],"data_offsets":[16,16]}}""",
            16
        ),
        File(
            """{"x":{"dtype":"BF16","shape":[1,1,3],"data_offsets":[0,6]},"y":"""
                + """{"dtype":"BOOL","shape":[2],"data_offsets":[6,8]}}   """,
            8
        ),
        File("{}", 0),
    ];

    /// <summary>Half of the mutants get the header's right length back, or few would come further than that.</summary>
    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        if (input.Length < 8 || random.Next(4) == 0)
        {
            return ByteMutator.Mutate(input, other, random);
        }

        var length = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(input), (ulong)(input.Length - 8));
        var header =
            random.Next(3) == 0
                ? ByteMutator.Mutate(input[8..(8 + length)], other.Length < 8 ? other : other[8..], random)
                : TokenMutator.Mutate(input[8..(8 + length)], other.Length < 8 ? other : other[8..], random);
        return File(header, input[(8 + length)..]);
    }

    protected override string Read(string path, byte[] input)
    {
        using var file = SafetensorsFile.Open(path);
        CheckCovered(file, input);
        CheckWrittenAgain(file);
        return $"{Math.Min(file.Tensors.Count, 3)} "
            + $"tensors{(file.Tensors.Any(tensor => tensor.Begin == tensor.End) ? ", an empty one" : "")}"
            + $"{(file.Metadata.Count > 0 ? ", metadata" : "")}";
    }

    private static void CheckCovered(SafetensorsFile file, byte[] input)
    {
        var start = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(input);
        var owners = new int[input.Length - start];
        foreach (var tensor in file.Tensors)
        {
            var bytes = new byte[tensor.End - tensor.Begin];
            file.Read(tensor.Name, bytes);
            Require(
                bytes.AsSpan().SequenceEqual(input.AsSpan(start + (int)tensor.Begin, bytes.Length)),
                "a tensor has other bytes than the file"
            );
            for (var i = tensor.Begin; i < tensor.End; i++)
            {
                owners[i]++;
            }
        }

        Require(owners.All(owner => owner == 1), "a byte belongs to no tensor, or to two");
    }

    private void CheckWrittenAgain(SafetensorsFile file)
    {
        var path = Path.Combine(Folder, "copy.safetensors");
        using (var stream = new FileStream(path, FileMode.Create))
        {
            SafetensorsWriter.Write(
                stream,
                [
                    .. file.Tensors.Select(tensor => new TensorSource(
                        tensor.Name,
                        tensor.Dtype,
                        tensor.Shape,
                        to => to.Write(Bytes(file, tensor))
                    )),
                ],
                file.Metadata
            );
        }

        using var copy = SafetensorsFile.Open(path);
        Require(Describe(file).SequenceEqual(Describe(copy), StringComparer.Ordinal), "the copy has other tensors");
        Require(
            file.Tensors.All(tensor => Bytes(file, tensor).AsSpan().SequenceEqual(Bytes(copy, tensor))),
            "the copy has other bytes"
        );
        Require(
            file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SequenceEqual(copy.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)),
            "the copy has other metadata"
        );
    }

    private static IEnumerable<string> Describe(SafetensorsFile file) =>
        file
            .Tensors.Select(tensor => $"{tensor.Name} {tensor.Dtype} {string.Join(',', tensor.Shape)}")
            .Order(StringComparer.Ordinal);

    private static byte[] Bytes(SafetensorsFile file, TensorInfo tensor)
    {
        var bytes = new byte[tensor.End - tensor.Begin];
        file.Read(tensor.Name, bytes);
        return bytes;
    }

    private static byte[] File(string header, int data) =>
        File(Encoding.UTF8.GetBytes(header), [.. Enumerable.Range(1, data).Select(i => (byte)i)]);

    private static byte[] File(byte[] header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }
}
