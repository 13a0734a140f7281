using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Torch;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Torch;

public sealed class TorchFileTests : IDisposable
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var file = TorchFile.Open(Written(Tensor([2, 3], [3, 1])));
        using var read = file.Read("x", TorchTensor.Of(file.Root)!);

        Assert.Equal([2, 3], read.shape);
        Assert.Equal(Six, read.data<float>().ToArray());
    }

    [Theory]
    [InlineData(new long[] { 3, 2 }, new long[] { 1, 3 }, 0, new float[] { 1, 4, 2, 5, 3, 6 })] // transposed
    [InlineData(new long[] { 2 }, new long[] { 2 }, 3, new float[] { 4, 6 })] // every second one from the fourth on
    [InlineData(new long[] { 2, 2 }, new long[] { 0, 1 }, 4, new float[] { 5, 6, 5, 6 })] // one row twice
    [InlineData(new long[] { }, new long[] { }, 5, new float[] { 6 })] // a number
    [InlineData(new long[] { 0, 3 }, new long[] { 3, 1 }, 6, new float[] { })]
    public void A_view_of_a_storage_has_its_elements(long[] shape, long[] strides, long offset, float[] expected)
    {
        using var file = TorchFile.Open(Written(Tensor(shape, strides, offset)));
        using var read = file.Read("x", TorchTensor.Of(file.Root)!);

        Assert.Equal(shape, read.shape);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(read.numel() == 0 ? [] : read.bytes).ToArray());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, 1)]
    [InlineData(new long[] { 7 }, new long[] { 0 }, 0)] // more elements than the storage
    [InlineData(new long[] { 2 }, new long[] { 6 }, 0)]
    [InlineData(new long[] { 1 }, new long[] { 1 }, -1)]
    [InlineData(new long[] { 1 }, new long[] { 1 }, 6)]
    [InlineData(new long[] { 2, 3 }, new long[] { 3 }, 0)]
    [InlineData(new long[] { 2 }, new long[] { -1 }, 1)]
    [InlineData(new long[] { 1L << 47, 1L << 47, 1L << 47 }, new long[] { 1, 1, 1 }, 0)]
    [InlineData(new long[] { 2 }, new long[] { long.MaxValue }, 0)]
    public void A_view_of_more_than_the_storage_is_refused(long[] shape, long[] strides, long offset)
    {
        using var file = TorchFile.Open(Written(Tensor(shape, strides, offset)));

        Assert.Throws<FormatException>(() => TorchTensor.Of(file.Root));
    }

    [Fact]
    public void A_storage_that_claims_more_than_the_file_has_takes_no_memory()
    {
        const long Claimed = 1L << 40;
        using var file = TorchFile.Open(Written(Tensor([Claimed], [1], elements: Claimed)));

        Assert.Contains(
            "does not hold all of the tensor 'x' [1099511627776]; it is not whole",
            Assert.Throws<UserErrorException>(() => file.Read("x", TorchTensor.Of(file.Root)!)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("HalfStorage", new byte[] { 0x00, 0x3c }, 1.0)]
    [InlineData("BFloat16Storage", new byte[] { 0xc0, 0xbf }, -1.5)]
    [InlineData("DoubleStorage", new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0x3f }, 1.5)]
    [InlineData("LongStorage", new byte[] { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, -2.0)]
    public void Elements_of_other_types_are_read_in_their_own(string type, byte[] element, double value)
    {
        var tensor = TorchTensor.Describe(TorchStorage.Reference("0", new PickleName("torch", type), 1), [1]);
        using var file = TorchFile.Open(Written(tensor, element));
        using var read = file.Read("x", TorchTensor.Of(file.Root)!).to(ScalarType.Float64);

        Assert.Equal(value, read.item<double>());
    }

    [Fact]
    public void Numbers_with_the_highest_byte_first_are_turned_round()
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, 1.25f);
        var path = Written(
            TorchTensor.Describe(TorchStorage.Reference("0", TorchTypes.Float, 1), [1]),
            bytes,
            byteOrder: "big"
        );
        using var file = TorchFile.Open(path);
        using var read = file.Read("x", TorchTensor.Of(file.Root)!);

        Assert.Equal(1.25f, read.item<float>());
    }

    [Theory]
    [InlineData("", "does not begin like a file of PyTorch")]
    [InlineData("PK\u0003\u0004", "this is not a checkpoint of PyTorch that can be read")]
    [InlineData("\u0080\u0002K\u0001.", "does not begin like a file of PyTorch")]
    [InlineData("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "ends in the middle of a value")]
    public void Other_files_are_refused(string content, string reason) =>
        Assert.Contains(
            reason,
            Mistake(_folder.Write("x.pt", Encoding.Latin1.GetBytes(content))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_tar_archive_of_the_oldest_versions_is_refused_with_the_way_out()
    {
        var bytes = new byte[600];
        "ustar"u8.CopyTo(bytes.AsSpan(257));

        Assert.Contains("load it with an old PyTorch", Mistake(_folder.Write("x.pt", bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_calls_something_is_refused_and_what_it_calls_is_named()
    {
        var path = _folder.PathOf("x.pt");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var content = archive.CreateEntry("x/data.pkl", CompressionLevel.NoCompression).Open();
            content.Write("\u0002cos\nsystem\nX\u0004\0\0\0echo"u8[1..]);
            content.Write([0x85, (byte)'R', (byte)'.']);
        }

        Assert.Equal(
            $"{path}: this file calls os.system; a checkpoint has no reason to. Nothing was run. Do not open it with "
                + "Python unless you know why it does that.",
            Mistake(path)
        );
    }

    [Theory]
    [InlineData("admin.perturbed.clinic.pt")]
    [InlineData("deepnet.perturbed.stream.pt")]
    public void A_file_that_ends_early_is_refused(string name)
    {
        var whole = File.ReadAllBytes(Path.Combine(GoldenFolder.Path, "checkpoints", name));
        for (var length = 0; length < whole.Length; length += 1 + (whole.Length / 60))
        {
            var path = _folder.Write("x.pt", whole[..length]);

            Assert.StartsWith(path, Mistake(path), StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Mistake(string path) =>
        Assert.Throws<UserErrorException>(() => TorchFile.Open(path).Dispose()).Message;

    private static PickleCall Tensor(long[] shape, long[] strides, long offset = 0, long elements = 6) =>
        new(
            new PickleName("torch._utils", "_rebuild_tensor_v2"),
            [
                TorchStorage.Reference("0", TorchTypes.Float, elements),
                offset,
                shape.Select(size => (object?)size).ToArray(),
                strides.Select(stride => (object?)stride).ToArray(),
                false,
                null,
            ]
        );

    private string Written(PickleCall tensor, byte[]? bytes = null, string? byteOrder = null)
    {
        var path = _folder.PathOf($"{Guid.NewGuid()}.pt");
        using (var stream = File.Create(path))
        {
            TorchFileWriter.Write(
                stream,
                tensor,
                [("0", content => content.Write(bytes ?? MemoryMarshal.AsBytes(Six.AsSpan()).ToArray()))]
            );
        }

        if (byteOrder is not null)
        {
            using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
            using var content = archive.CreateEntry("archive/byteorder", CompressionLevel.NoCompression).Open();
            content.Write(Encoding.UTF8.GetBytes(byteOrder));
        }

        return path;
    }
}
