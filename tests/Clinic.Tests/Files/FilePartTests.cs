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
                        var range = new FilePart(index, count).In(file);
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

        Assert.Equal("abc\n", Encoding.UTF8.GetString(All(new FilePart(0, 3).In(file))));
        Assert.Equal("defgh\n", Encoding.UTF8.GetString(All(new FilePart(1, 3).In(file))));
        Assert.Equal("ij", Encoding.UTF8.GetString(All(new FilePart(2, 3).In(file))));
    }

    [Theory]
    [InlineData("0/1", "text.0-of-1")]
    [InlineData("7/10", "text.7-of-10")]
    [InlineData("7/11", "text.07-of-11")]
    [InlineData("17/1000", "text.017-of-1000")]
    public void Names_are_in_order(string part, string name) => Assert.Equal(name, FilePart.Parse(part).NameOf("text"));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1/1")]
    [InlineData("-1/3")]
    [InlineData("0/0")]
    [InlineData("1/2/3")]
    [InlineData(" 1/3")]
    [InlineData("a/b")]
    [InlineData("0/99999999999")]
    public void What_is_no_part_is_refused(string text) =>
        Assert.Contains(
            $"such as 0/8 for the first of eight; not '{text}'",
            Assert.Throws<UserErrorException>(() => FilePart.Parse(text)).Message
        );

    private static byte[] All(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
