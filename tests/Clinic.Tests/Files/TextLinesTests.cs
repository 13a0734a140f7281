using System.Text;
using CsCheck;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class TextLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\uFEFF", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("\uFEFFa\r\n\r\n b\tc \n", new[] { "a", "", " b\tc " })]
    [InlineData("a\u2028b\u0085c\vd\re\n\rf\r", new[] { "a\u2028b\u0085c\vd\re", "\rf\r" })]
    [InlineData("a\n\uFEFFb", new[] { "a", "\uFEFFb" })]
    public void Lines_end_with_line_feeds_alone(string text, string[] lines) => Assert.Equal(lines, TextLines.Read(_folder.Write("text", text)));

    [Fact]
    public void Lines_that_were_written_are_read_back() => Gen.Select(AnyText.Line.Array, Gen.Bool).Sample((texts, windows) =>
    {
        // What UTF-8 cannot hold or ends a line is left out of the generated text.
        var lines = texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).TrimStart('\uFEFF')).ToArray();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + (windows ? "\r\n" : "\n")))));

        Assert.Equal(lines, TextLines.Read(stream, "text"));
    });

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\n\nb", 3)]
    [InlineData("\r\n\u2028\r\n", 2)]
    public void Counting_lines_counts_those_that_are_read(string text, long count)
    {
        var path = _folder.Write("text", text);
        using var stream = TextLines.Open(path);

        Assert.Equal(count, TextLines.Count(stream));
        Assert.Equal(count, TextLines.Read(path).Count);
    }

    [Fact]
    public void A_line_may_be_longer_than_any_buffer()
    {
        var lines = new[] { new string('ä', 200_000), "b", new string('c', 65_535), "d" };

        Assert.Equal(lines, TextLines.Read(_folder.Write("text", string.Join('\n', lines))));
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_named_with_file_and_line()
    {
        var path = _folder.Write("latin1.txt", [.. "eins\nzw"u8, 0xf6, .. "lf\n"u8]);

        var exception = Assert.Throws<UserErrorException>(() => TextLines.Read(path));

        Assert.StartsWith($"{path}, line 2: byte 3 ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_mistakes_of_the_user()
    {
        Assert.Contains("no such file", Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.PathOf("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
