using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Tests.Data;

public sealed class ParallelTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_table_is_read_line_by_line()
    {
        _folder.Write("a.tsv", "ein Haus\ta house\nzwei\ttwo\n");
        var text = Read("a.tsv");
        Assert.Equal([new("ein Haus", "a house"), new("zwei", "two")], text.Pairs);
    }

    [Fact]
    public void Two_files_are_read_side_by_side()
    {
        _folder.Write("a.de", "ein Haus\n\nmit\tTab");
        _folder.Write("a.en", "a house\nempty\nwith tab\n");
        Assert.Equal(
            [new("ein Haus", "a house"), new("", "empty"), new("mit\tTab", "with tab")],
            Read("a.de, a.en").Pairs
        );
    }

    [Fact]
    public void A_byte_order_mark_is_dropped_and_only_line_feeds_end_lines()
    {
        _folder.Write("a.tsv", "\uFEFFeins\u2028zwei\tone\u0085\rtwo\r\ndrei\tthree");
        Assert.Equal([new("eins\u2028zwei", "one\u0085\rtwo"), new("drei", "three")], Read("a.tsv").Pairs);
    }

    [Fact]
    public void Hashes_are_of_the_bytes_and_named_as_the_files_were_given()
    {
        _folder.Write("de/text", "abc");
        _folder.Write("en/text", "abcd");
        var hashes = ParallelText
            .Read(new("de/text", "en/text"), _folder.FullName, cancellation: TestContext.Current.CancellationToken)
            .Hashes;
        Assert.Equal(["de/text", "en/text"], hashes.Keys);
        // FIPS 180-2, B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hashes["de/text"]);
        Assert.NotEqual(hashes["de/text"], hashes["en/text"]);
    }

    [Fact]
    public void The_same_file_may_be_both_sides()
    {
        _folder.Write("a.txt", "x\ny\n");
        Assert.Equal([new("x", "x"), new("y", "y")], Read("a.txt,a.txt").Pairs);
    }

    [Fact]
    public void A_line_of_a_megabyte_is_read()
    {
        var line = new string('x', 1 << 20);
        _folder.Write("a.tsv", line + "\ty\n");
        Assert.Equal([new(line, "y")], Read("a.tsv").Pairs);
    }

    [Theory]
    [InlineData("x\ty\nno tab\n", "line 2", "no tab")]
    [InlineData("x\ty\n\n", "line 2", "no tab")]
    [InlineData("x\ty\nx\ty\tz\n", "line 2", "2 tabs")]
    [InlineData("x\ty\nx\0\ty\n", "line 2", "UTF-16")]
    [InlineData("", "empty", "a.tsv")]
    public void Lines_that_are_not_pairs_are_refused_with_their_number(string content, string where, string what)
    {
        var path = _folder.Write("a.tsv", content);
        var message = Refused("a.tsv");
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_utf8_is_refused_with_its_line()
    {
        var path = _folder.Write("a.tsv", [.. "x\ty\n"u8, .. Encoding.Latin1.GetBytes("über\tover\n")]);
        var message = Refused("a.tsv");
        Assert.StartsWith($"{path}, line 2", message, StringComparison.Ordinal);
        Assert.Contains("iconv", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_utf16_is_refused()
    {
        _folder.Write("le.tsv", Encoding.Unicode.GetBytes("x\ty\n"));
        _folder.Write("marked.tsv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("x\ty\n")]);
        Assert.Contains("line 1", Refused("le.tsv"), StringComparison.Ordinal);
        Assert.Contains("line 1", Refused("marked.tsv"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_unequal_length_are_refused_with_both_counts()
    {
        _folder.Write("a.de", "x\ny\n");
        _folder.Write("a.en", "x\ny\nz\n");
        var message = Refused("a.de,a.en");
        Assert.Contains("a.de has 2 lines", message, StringComparison.Ordinal);
        Assert.Contains("a.en has 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_an_impossible_name_and_no_name_are_refused()
    {
        Assert.Equal($"Sentence pairs: there is no file {_folder.PathOf("none.tsv")}.", Refused("none.tsv"));
        Assert.Equal("Sentence pairs: no file is named.", Refused(" "));
        Assert.Contains("folder", Refused("."), StringComparison.Ordinal);
        Assert.Contains("NUL", Refused("a\0.tsv"), StringComparison.Ordinal);
    }

    private ParallelText Read(string spec) =>
        ParallelText.Read(
            ParallelFiles.Parse(spec, _folder.FullName),
            _folder.FullName,
            cancellation: TestContext.Current.CancellationToken
        );

    private string Refused(string spec) => Assert.Throws<UserErrorException>(() => Read(spec)).Message;
}
