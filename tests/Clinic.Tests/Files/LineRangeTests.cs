using CsCheck;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class LineRangeTests
{
    /// <summary>The slow way: where a line begins is the start, and what follows a line feed.</summary>
    [Fact]
    public void The_first_line_from_a_position_is_the_first_that_begins_there_or_later() =>
        Gen.Select(Gen.Byte[(byte)'\n', (byte)'\r'].Array[0, 40], Gen.Int[0, 40])
            .Sample(
                (bytes, position) =>
                {
                    var at = Math.Min(position, bytes.Length);
                    List<int> starts = [0, .. bytes.Index().Where(b => b.Item == '\n').Select(b => b.Index + 1)];
                    var expected = starts.Where(start => start >= at).DefaultIfEmpty(bytes.Length).Min();
                    Assert.Equal(expected, LineRange.FirstFrom(new MemoryStream(bytes), at));
                }
            );

    [Fact]
    public void A_line_longer_than_a_buffer_is_passed()
    {
        var bytes = new byte[200_000];
        bytes[150_000] = (byte)'\n';
        Assert.Equal(150_001, LineRange.FirstFrom(new MemoryStream(bytes), 1));
        Assert.Equal(200_000, LineRange.FirstFrom(new MemoryStream(bytes), 150_002));
    }

    [Fact]
    public void A_stretch_is_read_from_its_first_byte_to_its_last()
    {
        using var read = new StreamReader(new FileRange(new MemoryStream("0123456789"u8.ToArray()), 3, 7));
        Assert.Equal("3456", read.ReadToEnd());
    }
}
