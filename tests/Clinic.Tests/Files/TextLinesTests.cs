using System.Text;
using CsCheck;
using TransformerClinic.Common;
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
    public void Lines_end_only_with_line_feeds(string text, string[] lines) =>
        Assert.Equal(lines, TextLines.Read(_folder.Write("text", text)));

    [Fact]
    public void Lines_that_were_written_are_read_back() =>
        Gen.Select(AnyText.Line.Array, Gen.Bool)
            .Sample(
                (texts, windows) =>
                {
                    // The generated text leaves out what UTF-8 cannot encode and what ends a line.
                    var lines = texts
                        .Select(text =>
                            Encoding
                                .UTF8.GetString(Encoding.UTF8.GetBytes(text))
                                .Replace("\n", "", StringComparison.Ordinal)
                                .Replace("\r", "", StringComparison.Ordinal)
                                .Replace("\0", "", StringComparison.Ordinal)
                                .TrimStart('\uFEFF')
                        )
                        .ToArray();
                    using var stream = new MemoryStream(
                        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + (windows ? "\r\n" : "\n"))))
                    );

                    Assert.Equal(lines, TextLines.Read(stream, "text"));
                }
            );

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\n\nb", 3)]
    [InlineData("\r\n\u2028\r\n", 2)]
    public void Counting_lines_counts_those_that_are_read(string text, long count)
    {
        var path = _folder.Write("text", text);
        using var stream = TextLines.Open(path, TestContext.Current.CancellationToken);

        Assert.Equal(count, TextLines.Count(stream, path));
        Assert.Equal(count, TextLines.Read(stream, path).Count);
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

    [Theory]
    [InlineData("utf-16", true, "Its byte order mark says that this is UTF-16", "iconv -f utf-16 -t")]
    [InlineData("utf-16BE", true, "Its byte order mark says that this is UTF-16", "iconv -f utf-16 -t")]
    [InlineData("utf-32", true, "Its byte order mark says that this is UTF-32", "iconv -f utf-32 -t")]
    [InlineData("utf-16", false, "This looks like UTF-16 without a byte order mark", "iconv -f utf-16le -t")]
    [InlineData("utf-16BE", false, "This looks like UTF-16 without a byte order mark", "iconv -f utf-16be -t")]
    public void Text_in_another_Unicode_encoding_is_refused_with_the_command_that_converts_it(
        string name,
        bool mark,
        string finding,
        string command
    )
    {
        var encoding = Encoding.GetEncoding(name);
        foreach (var text in new[] { "Click the file.\nYes.\n", "Wählen Sie ...\r\nJa\r\n", "你好\n世界\n" })
        {
            byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];

            var exception = Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.Write("text", bytes)));

            Assert.Contains(finding, exception.Message, StringComparison.Ordinal);
            Assert.Contains(command, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a NUL\0 in a line of text\n", "line 1: there is a NUL character. Text must not contain one")]
    [InlineData("eins\nzwei\n\0 drei vier fuenf", "line 3: there is a NUL character. This looks like UTF-16")]
    [InlineData("PK\u0003\u0004\0", "This is a ZIP archive")]
    [InlineData("%PDF-1.7\n\0", "This is a PDF document")]
    [InlineData("BZh91AY&SY\0", "bunzip2")]
    public void Input_that_is_not_text_is_refused_with_what_it_looks_like(string text, string expected)
    {
        var exception = Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.Write("text", text)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_a_stream_that_can_be_read_only_once_are_not_counted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        var path = NamedPipe.Make(_folder.PathOf("pipe"));
        var writing = NamedPipe.Write(path, "eins\nzwei\n");
        using var stream = TextLines.Open(path, TestContext.Current.CancellationToken);

        Assert.Null(TextLines.Count(stream, path));
        Assert.Equal(["eins", "zwei"], TextLines.Read(stream, path));
        await writing;
    }

    [Fact]
    public async Task The_wait_for_the_writer_of_a_pipe_can_be_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        var path = NamedPipe.Make(_folder.PathOf("pipe"));
        using var stop = new CancellationTokenSource(millisecondsDelay: 50);

        Assert.Throws<OperationCanceledException>(void () => TextLines.Open(path, stop.Token));

        await NamedPipe.Write(path, "");
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_user_mistakes()
    {
        Assert.Contains(
            "no such file",
            Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.PathOf("none"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "folder",
            Assert.Throws<UserErrorException>(() => TextLines.Read(_folder.FullName)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_without_end_is_refused_before_memory_is_full()
    {
        using var endless = new Endless();

        var exception = Assert.Throws<UserErrorException>(() => TextLines.Read(endless, "text"));

        Assert.StartsWith("text, line 2: the line has more than 256 MiB", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A line, and then one without end.</summary>
    private sealed class Endless : ReadOnlyStream
    {
        private bool _begun;

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'a');
            if (!_begun)
            {
                (buffer[0], _begun) = ((byte)'\n', true);
            }

            return buffer.Length;
        }
    }
}
