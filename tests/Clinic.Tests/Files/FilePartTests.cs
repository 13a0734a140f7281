using System.Text;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public class FilePartTests
{
    [Fact]
    public void Parts_together_are_the_file_and_each_begins_where_a_line_does() =>
        Gen.Select(Gen.Char["a\n\r"].Array[0, 60], Gen.Int[1, 12])
            .Sample(
                (characters, count) =>
                {
                    var bytes = Encoding.UTF8.GetBytes(characters);
                    using var file = new MemoryStream(bytes, writable: false);
                    List<byte> together = [];
                    for (var index = 0; index < count; index++)
                    {
                        var range = FilePart.Of(index, count).In(file);
                        Assert.Equal(together.Count, range.Begin);
                        Assert.True(together.Count == 0 || together[^1] == '\n' || range.Length == 0);
                        together.AddRange(All(range));
                    }

                    Assert.Equal(bytes, together);
                }
            );

    [Fact]
    public void A_line_belongs_to_the_part_in_which_it_begins()
    {
        // 12 bytes in three parts: [0, 4), [4, 8), [8, 12).
        using var file = new MemoryStream("abc\ndefgh\nij"u8.ToArray(), writable: false);

        Assert.Equal("abc\n", Encoding.UTF8.GetString(All(FilePart.Of(0, 3).In(file))));
        Assert.Equal("defgh\n", Encoding.UTF8.GetString(All(FilePart.Of(1, 3).In(file))));
        Assert.Equal("ij", Encoding.UTF8.GetString(All(FilePart.Of(2, 3).In(file))));
    }

    [Theory]
    [InlineData("0/1", "text.0-of-1")]
    [InlineData("7/10", "text.7-of-10")]
    [InlineData("7/11", "text.07-of-11")]
    [InlineData("17/1000", "text.017-of-1000")]
    public void Names_are_in_order(string part, string name) => Assert.Equal(name, FilePart.Parse(part).NameOf("text"));

    [Fact]
    public void Parts_follow_each_other_from_the_beginning_to_the_end() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Int[1, 200])
            .Sample(
                (size, count) =>
                {
                    FilePart[] parts = [.. Enumerable.Range(0, count).Select(i => FilePart.Of(i, count))];
                    Assert.Equal(0, parts[0].Begin(size));
                    Assert.Equal(size, parts[^1].End(size));
                    Assert.All(
                        parts.Zip(parts.Skip(1)),
                        pair => Assert.Equal(pair.First.End(size), pair.Second.Begin(size))
                    );
                }
            );

    [Fact]
    public void A_part_is_written_as_it_is_read() => Assert.Equal("3/8", FilePart.Parse("3/8").ToString());

    [Theory]
    [InlineData("8/8", "There is no part 8 of 8: parts are numbered from 0 to 7.")]
    [InlineData("0/0", "A text has from 1 to 100,000 parts, not 0.")]
    [InlineData("0/100001", "A text has from 1 to 100,000 parts, not 100001.")]
    [InlineData("3", "'3' is not a part: write its number from 0, a slash, and how many parts there are, such as 0/8.")]
    [InlineData("-1/8", "'-1/8' is not a part: ")]
    [InlineData("1/2/3", "'1/2/3' is not a part: ")]
    [InlineData(" 1/2", "' 1/2' is not a part: ")]
    public void What_is_not_a_part_is_refused(string text, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<UserErrorException>(() => FilePart.Parse(text)).Message,
            StringComparison.Ordinal
        );

    private static byte[] All(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
