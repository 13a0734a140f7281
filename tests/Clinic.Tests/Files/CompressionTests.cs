using System.IO.Compression;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

/// <summary>Files written by gzip 1.12, zstd 1.5.4 and xz 5.4.1, in base64.</summary>
public class CompressionTests
{
    // printf 'eins\nzwei\n' | gzip -n; ... | zstd; ... | xz -9
    private const string Gzip = "H4sIAAAAAAAAA0vNzCvmqipPzeQCAJSbgsIKAAAA";
    private const string Zstd = "KLUv/SQKUQAAZWlucwp6d2VpCuHeRPw=";
    private const string Xz =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAJZWlucwp6d2VpCgAAAKQ1lj579si+AAEiChUa4WcftvN9AQAAAAAEWVo=";

    // Followed by the same program's output for 'drei\n'; with xz also with eight zeros between them.
    private const string TwoGzip = "H4sIAAAAAAAAA0vNzCvmqipPzeQCAJSbgsIKAAAAH4sIAAAAAAAAA0spSs3kAgC8flBxBQAAAA==";
    private const string TwoZstd = "KLUv/SQKUQAAZWlucwp6d2VpCuHeRPwotS/9JAUpAABkcmVpCg5dBiM=";
    private const string TwoXz =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAJZWlucwp6d2VpCgAAAKQ1lj579si+AAE"
        + "iChUa4WcftvN9AQAAAAAEWVr9N3pYWgAABObWtEYCACEBHAAAABDP"
        + "WMwBAARkcmVpCgAAAACnk7A3Jc2vpQABHQW4LYCvH7bzfQEAAAAABFla";

    private const string TwoXzWithZeros =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAJZWlucwp6d2VpCgAAAKQ1lj579si+AAE"
        + "iChUa4WcftvN9AQAAAAAEWVoAAAAAAAAAAP03elhaAAAE5ta0RgIA"
        + "IQEWAAAAdC/lowEABGRyZWkKAAAAAKeTsDclza+lAAEdBbgtgK8ftvN9AQAAAAAEWVo=";

    [Theory]
    [InlineData(Gzip)]
    [InlineData(Zstd)]
    [InlineData(Xz)]
    public void Compressed_text_is_read_as_text(string file) =>
        Assert.Equal(["eins", "zwei"], Read(Convert.FromBase64String(file)));

    [Theory]
    [InlineData(TwoGzip)]
    [InlineData(TwoZstd)]
    [InlineData(TwoXz)]
    [InlineData(TwoXzWithZeros)]
    public void Concatenated_compressed_files_are_read_to_the_end(string file) =>
        Assert.Equal(["eins", "zwei", "drei"], Read(Convert.FromBase64String(file)));

    [Theory]
    [InlineData(Gzip, "gzip", 2)]
    [InlineData(Zstd, "zstd", 4)]
    [InlineData(Xz, "xz", 6)]
    public void A_file_truncated_anywhere_is_not_accepted_as_complete(string file, string format, int mark)
    {
        var bytes = Convert.FromBase64String(file);
        foreach (var length in Enumerable.Range(mark, bytes.Length - mark))
        {
            var exception = Assert.Throws<UserErrorException>(() => Read(bytes[..length]));
            Assert.StartsWith(
                $"text: the {format} data is damaged or incomplete (",
                exception.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(Gzip)]
    [InlineData(Zstd)]
    [InlineData(Xz)]
    public void A_changed_byte_of_the_content_is_noticed(string file)
    {
        var bytes = Convert.FromBase64String(file);
        bytes[bytes.AsSpan().IndexOf(file == Gzip ? [0x4B, 0xCD] : "eins"u8)] ^= 4;

        Assert.Throws<UserErrorException>(() => Read(bytes));
    }

    /// <summary>Found by fuzzing: the library makes bytes of these thirty without end.</summary>
    [Fact]
    public void A_damaged_file_that_would_never_end_is_refused()
    {
        var exception = Assert.Throws<UserErrorException>(() =>
            Read(Convert.FromBase64String("H4sIAAA+LSDvn70xLiI6IDQtIFkwXTkyMjMAAAAv"))
        );

        Assert.Equal("text: the gzip data is damaged or incomplete (more text than it can hold).", exception.Message);
    }

    [Fact]
    public void Text_that_compresses_as_well_as_text_can_is_read()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var line = new byte[1 << 20];
            line.AsSpan().Fill((byte)'a');
            foreach (var _ in Enumerable.Range(0, 20))
            {
                gzip.Write(line);
            }
        }

        Assert.InRange(packed.Length, 20, (20 << 20) / 1000);
        Assert.Equal(20 << 20, Assert.Single(Read(packed.ToArray())).Length);
    }

    [Fact]
    public void Text_that_only_starts_like_a_compressed_file_loses_nothing()
    {
        Assert.Equal(["(", "("], Read("(\n(\n"u8.ToArray()));
        Assert.Equal(["\u001F"], Read([0x1F]));
        Assert.Equal(["\u001Fa"], Read([0x1F, (byte)'a']));
    }

    private static IReadOnlyList<string> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return TextLines.Read(stream, "text");
    }
}
