using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;

namespace TransformerClinic.Tests.Interop.Safetensors;

public sealed class SafetensorsTests : IDisposable
{
    private const string OneTensor = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> GoldenFiles =>
        [
            .. Directory
                .EnumerateFiles(GoldenFolder.Path, "*.safetensors", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(GoldenFolder.Path, path)),
        ];

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var stream = new MemoryStream();

        SafetensorsWriter.Write(
            stream,
            [Source<float>("w", "F32", [1, 2], [1, -2])],
            new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }
        );

        const string header =
            """{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}       """;
        Assert.Equal(0, header.Length % 8);
        Assert.Equal(
            [
                (byte)header.Length,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                .. Encoding.ASCII.GetBytes(header),
                0,
                0,
                0x80,
                0x3f,
                0,
                0,
                0,
                0xc0,
            ],
            stream.ToArray()
        );
    }

    [Fact]
    public void Every_type_is_read_back()
    {
        var path = Write([
            Source<byte>("flags", "BOOL", [3], [1, 0, 1]),
            Source<double>("doubles", "F64", [], [Math.PI]),
            Source<Half>("halves", "F16", [1], [(Half)0.5]),
            Source<ushort>("brain", "BF16", [2], [0x3f80, 0xc000]),
            Source<float>("floats", "F32", [2, 2], [1, 2, float.NaN, -0f]),
            Source<long>("longs", "I64", [1], [long.MinValue]),
            Source<int>("ints", "I32", [0, 5], []),
            Source<short>("shorts", "I16", [1], [-3]),
            Source<sbyte>("signs", "I8", [2], [-1, 1]),
            Source<byte>("größe \"\\\n", "U8", [1], [255]),
        ]);

        using var file = SafetensorsFile.Open(path);

        Assert.Equal([true, false, true], file.Read<bool>("flags"));
        Assert.Equal([Math.PI], file.Read<double>("doubles"));
        Assert.Equal([(Half)0.5], file.Read<Half>("halves"));
        Assert.Equal([0x3f80, 0xc000], file.Read<ushort>("brain"));
        Assert.Equal([1, 2, float.NaN, -0f], file.Read<float>("floats"));
        Assert.Equal([long.MinValue], file.Read<long>("longs"));
        Assert.Empty(file.Read<int>("ints"));
        Assert.Equal([0, 5], file.Info("ints").Shape);
        Assert.Equal([-3], file.Read<short>("shorts"));
        Assert.Equal([-1, 1], file.Read<sbyte>("signs"));
        Assert.Equal([255], file.Read<byte>("größe \"\\\n"));
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void A_tensor_is_not_read_as_another_type_of_the_same_size()
    {
        using var file = SafetensorsFile.Open(Write([Source<int>("a", "I32", [1], [1])]));

        Assert.Contains(
            "is I32",
            Assert.Throws<UserErrorException>(() => file.Read<float>("a")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no tensor 'b'",
            Assert.Throws<UserErrorException>(() => file.Read<int>("b")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => file.Read("a", new byte[5]));
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Files_of_the_reference_are_read_and_written_alike(string golden)
    {
        using var file = SafetensorsFile.Open(Path.Combine(GoldenFolder.Path, golden));
        var tensors = file
            .Tensors.Select(info => new TensorSource(
                info.Name,
                info.Dtype,
                info.Shape,
                stream => stream.Write(Bytes(file, info))
            ))
            .ToList();

        using var copy = SafetensorsFile.Open(Write(tensors, file.Metadata));

        Assert.NotEmpty(tensors);
        Assert.Equal(file.Metadata.OrderBy(entry => entry.Key), copy.Metadata.OrderBy(entry => entry.Key));
        Assert.Equal(
            file.Tensors.Select(info => (info.Name, info.Dtype, string.Join(',', info.Shape))),
            copy.Tensors.Select(info => (info.Name, info.Dtype, string.Join(',', info.Shape)))
        );
        Assert.All(file.Tensors, info => Assert.True(Bytes(file, info).AsSpan().SequenceEqual(Bytes(copy, info))));
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":"""
            + """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "twice"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "but the file has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "but the file has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":"""
            + """{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "overlap"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "shape and type")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", "unknown type 'F4'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "impossibly large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", "exactly dtype")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2]}}""", "exactly dtype")]
    [InlineData("""{"a":1}""", "exactly dtype")]
    [InlineData("""{"__metadata__":{"n":1}}""", "not one string")]
    [InlineData("""{"__metadata__":[]}""", "not an object")]
    [InlineData("""{"\ud800":1}""", "not JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not JSON")]
    [InlineData(""" {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "begin with '{'")]
    [InlineData("[]", "begin with '{'")]
    [InlineData("", "begin with '{'")]
    public void A_header_that_breaks_a_rule_is_refused(string header, string reason) =>
        AssertRefused(File(Encoding.UTF8.GetBytes(header), new byte[8]), reason);

    [Fact]
    public void A_file_that_is_truncated_or_has_a_wrong_header_length_is_refused()
    {
        var whole = File(Encoding.UTF8.GetBytes(OneTensor), new byte[8]);
        var huge = whole.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(huge, ulong.MaxValue);

        SafetensorsFile.Open(_folder.Write("whole", whole)).Dispose();
        Assert.All(Enumerable.Range(0, whole.Length), length => AssertRefused(whole[..length], ""));
        AssertRefused([.. whole, 0], "but the file has 9");
        AssertRefused(huge, "longer than the file");
        AssertRefused(File([.. "{\""u8, 0xff, .. "\":1}"u8], []), "UTF-8");
    }

    [Fact]
    public void A_missing_file_is_the_users_mistake() =>
        Assert.Contains(
            "no such file",
            Assert.Throws<UserErrorException>(() => SafetensorsFile.Open(_folder.PathOf("none"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Changed_bytes_are_read_or_refused_and_nothing_else_happens()
    {
        var path = Write(
            [Source<float>("weight", "F32", [2, 3], [1, 2, 3, 4, 5, 6]), Source<long>("id", "I64", [1], [7])],
            new Dictionary<string, string> { ["format"] = "pt" }
        );
        var whole = System.IO.File.ReadAllBytes(path);
        var change = Gen.Select(
            Gen.Int[0, whole.Length - 1],
            Gen.OneOf(Gen.Byte, Gen.Int[0, 12].Select(i => "0189-{}[]\",:\\"u8.ToArray()[i]))
        );

        change
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var bytes = whole.ToArray();
                    foreach (var (index, value) in changes)
                    {
                        bytes[index] = value;
                    }

                    using var folder = new TemporaryFolder();
                    try
                    {
                        using var file = SafetensorsFile.Open(folder.Write("changed", bytes));
                        Assert.All(file.Tensors, info => Assert.True(Bytes(file, info).Length <= whole.Length));
                    }
                    catch (UserErrorException)
                    {
                        // Refused, as it should be.
                    }
                },
                iter: 2000
            );
    }

    [Fact]
    public void Content_that_would_break_the_format_is_not_written()
    {
        var tensor = Source<float>("a", "F32", [1], [1]);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [tensor, tensor]));
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(Stream.Null, [tensor with { Name = "__metadata__" }])
        );
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [tensor with { Dtype = "F4" }]));
        Assert.Throws<InvalidOperationException>(() =>
            SafetensorsWriter.Write(new MemoryStream(), [tensor with { Shape = [2] }])
        );

        // Half a surrogate pair would be written as another character, so that names could change and fall together.
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(new MemoryStream(), [tensor with { Name = "a\ud800" }])
        );
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(new MemoryStream(), [tensor with { Name = "\udc00\ud800" }])
        );
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(new MemoryStream(), [tensor], new Dictionary<string, string> { ["key"] = "\udc00" })
        );
        SafetensorsWriter.Write(new MemoryStream(), [tensor with { Name = "a\U0001f600" }]);
    }

    public void Dispose() => _folder.Dispose();

    private static TensorSource Source<T>(string name, string dtype, long[] shape, T[] elements)
        where T : unmanaged =>
        new(name, dtype, shape, stream => stream.Write(MemoryMarshal.AsBytes(elements.AsSpan())));

    private static byte[] Bytes(SafetensorsFile file, TensorInfo info)
    {
        var bytes = new byte[info.End - info.Begin];
        file.Read(info.Name, bytes);
        return bytes;
    }

    private static byte[] File(byte[] header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }

    private void AssertRefused(byte[] bytes, string reason)
    {
        var path = _folder.Write("bad.safetensors", bytes);
        var message = Assert.Throws<UserErrorException>(() => SafetensorsFile.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    private string Write(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var path = _folder.PathOf($"{Guid.NewGuid():N}.safetensors");
        using var stream = new FileStream(path, FileMode.CreateNew);
        SafetensorsWriter.Write(stream, tensors, metadata);
        return path;
    }
}
