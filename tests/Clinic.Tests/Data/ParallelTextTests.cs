using System.IO.Compression;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Data;

public sealed class ParallelTextTests : IDisposable
{
    private static readonly byte[] Memory = (
        "<tmx><body>\n<tu><tuv xml:lang='de'><seg>ein Haus</seg></tuv><tuv xml:lang='en'>"u8
        + "<seg>a house</seg></tuv></tu></body></tmx>\n"u8
    ).ToArray();

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

    [Fact]
    public void Corpora_are_read_one_after_the_other()
    {
        _folder.Write("a.tsv", "a\tb\n");
        _folder.Write("b.de", "c\ne\n");
        _folder.Write("b.en", "d\nf\n");
        _folder.Write("c.tmx", Memory);

        var text = ParallelText.Read(
            new([new(["a.tsv"]), new(["b.de", "b.en"]), new(["c.tmx"])]),
            _folder.FullName,
            new LanguagePair("de", "en"),
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal([new("a", "b"), new("c", "d"), new("e", "f"), new("ein Haus", "a house")], text.Pairs);
        Assert.Equal([(0, 1), (1, 1), (1, 2), (2, 2)], text.Placed.Select(read => (read.Corpus, read.Line)));
        Assert.Equal(["a.tsv", "b.de", "b.en", "c.tmx"], text.Hashes.Keys);
        Assert.Null(text.Languages);
        Assert.Equal((4, 4), (text.Reading.Read, text.Reading.Kept));
    }

    [Fact]
    public void A_damaged_file_is_named_whichever_corpus_it_is_of()
    {
        _folder.Write("a.tsv", "a\tb\n");
        var bad = _folder.Write("b.tsv", "c\td\nno tab\n");
        var files = new ParallelFiles([new(["a.tsv"]), new(["b.tsv"])]);
        Assert.StartsWith(
            $"{bad}, line 2: ",
            Assert.Throws<UserErrorException>(() => Read(files)).Message,
            StringComparison.Ordinal
        );
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

    [Theory]
    [InlineData("a.tmx")]
    [InlineData("a.txt")]
    [InlineData("a.gz")]
    [InlineData("pipe")]
    public async Task A_translation_memory_is_recognized_whatever_it_is_called(string name)
    {
        byte[] bytes = Memory;
        if (name == "a.gz")
        {
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            {
                gzip.Write(Memory);
            }

            bytes = compressed.ToArray();
        }

        if (name == "pipe")
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes need Unix");
            var writing = NamedPipe.Write(NamedPipe.Make(_folder.PathOf(name)), Encoding.UTF8.GetString(bytes));
            AssertMemory(name, bytes);
            await writing;
        }
        else
        {
            _folder.Write(name, bytes);
            AssertMemory(name, bytes);
        }
    }

    [Theory]
    [InlineData("<tmx> is a root\tund <tu> eine Einheit\n")]
    [InlineData("<?xml version=\"1.0\"?>\tdie Deklaration\n")]
    [InlineData("<?xml version=\"1.0\"?> <html>\tdie Deklaration\n")]
    public void A_table_about_markup_is_a_table(string content)
    {
        _folder.Write("a.tsv", content);
        Assert.Single(Read("a.tsv").Pairs);
    }

    [Fact]
    public void Two_files_about_markup_are_text_and_one_file_of_other_xml_is_refused_as_such()
    {
        var path = _folder.Write("a.txt", "<?xml version=\"1.0\"?>\n<html>\n");
        _folder.Write("b.txt", "<tmx>\tx\ny\n");
        Assert.Equal([new("<?xml version=\"1.0\"?>", "<tmx>\tx"), new("<html>", "y")], Read("a.txt,b.txt").Pairs);
        Assert.Equal(
            $"{path}, line 2: the root element is 'html', but sentence pairs are read from TMX and XLIFF, whose roots "
                + "are 'tmx' and 'xliff'.",
            Refused("a.txt")
        );
    }

    [Theory]
    [InlineData("\uFEFF<?xml version='1.0'?>\n<!-- a -- b\n-->\n<!DOCTYPE tmx SYSTEM 'x'>\n<tmx")]
    [InlineData("\n <xliff\nversion='1.2'>")]
    [InlineData("<t:tmx>")]
    public void A_root_is_found_after_what_precedes_it(string beginning)
    {
        _folder.Write("a.txt", beginning);
        Assert.Contains("the XML is damaged", Refused("a.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void By_its_name_a_damaged_memory_is_one()
    {
        foreach (var name in new[] { "a.tmx", "a.TMX", "a.xlf", "a.xliff", "a.sdlxliff", "a.tmx.gz" })
        {
            var path = _folder.Write(name, "Haus\thouse\n");
            Assert.Equal($"{path}, line 1: the XML is damaged (Data at the root level is invalid).", Refused(name));
        }

        Assert.Equal($"{_folder.Write("empty.tmx", "")}: the file is empty.", Refused("empty.tmx"));
    }

    [Fact]
    public void A_memory_has_no_second_file()
    {
        var path = _folder.Write("a.tmx", Memory);
        _folder.Write("b.txt", "x\n");
        foreach (var spec in new[] { "a.tmx,b.txt", "b.txt,a.tmx" })
        {
            Assert.Equal(
                $"{path}: this file has both languages, so that a second one has no place: name only it.",
                Refused(spec)
            );
        }
    }

    [Fact]
    public void A_memory_is_not_read_further_once_it_is_canceled()
    {
        _folder.Write("a.tmx", Memory);
        Assert.Throws<OperationCanceledException>(() =>
            ParallelText.Read(new("a.tmx"), _folder.FullName, cancellation: new CancellationToken(canceled: true))
        );
    }

    private void AssertMemory(string name, byte[] bytes)
    {
        var read = new List<long>();
        var text = ParallelText.Read(
            new(name),
            _folder.FullName,
            new LanguagePair("en", "de"),
            new Immediate(read.Add),
            TestContext.Current.CancellationToken
        );
        Assert.Equal([new("a house", "ein Haus")], text.Pairs);
        Assert.Equal(2, text.LineOf(0));
        Assert.Equal(ContentHash.Of(bytes), text.Hashes[name]);
        Assert.Equal(bytes.Length, read[^1]);
        Assert.Equal(("en", "de"), text.Languages);
    }

    private sealed class Immediate(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    private ParallelText Read(string spec) => Read(ParallelFiles.Parse(spec, _folder.FullName));

    private ParallelText Read(ParallelFiles files) =>
        ParallelText.Read(files, _folder.FullName, cancellation: TestContext.Current.CancellationToken);

    private string Refused(string spec) => Assert.Throws<UserErrorException>(() => Read(spec)).Message;
}
