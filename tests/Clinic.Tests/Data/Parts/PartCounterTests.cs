using System.IO.Compression;
using System.Text;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Parts;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Parts;

public sealed class PartCounterTests : IDisposable
{
    private static readonly SubwordOptions Subwords = new() { Merges = 40, MinPairCount = 1 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Whatever the lines, their ends and the number of parts.</summary>
    [Fact]
    public void The_words_of_the_parts_together_are_those_of_the_text_and_give_the_same_merges() =>
        Gen.Select(AnyText.Line.Array[1, 20], AnyText.Line.Array[1, 20], Gen.Int[1, 30], Gen.Bool, Gen.Bool)
            .Sample(
                (sources, targets, parts, crlf, open) =>
                {
                    var end = crlf ? "\r\n" : "\n";
                    var files = Write(sources, targets, end, open);
                    var whole = WordCounts.Of(
                        sources.Concat(targets).Select(OneLine),
                        Normalization.Nfc,
                        TestContext.Current.CancellationToken
                    );

                    var sum = WordCounts.Sum(Enumerable.Range(0, parts).Select(i => Count(files, i, parts).Counts));

                    Assert.Equal(Sorted(whole), Sorted(sum));
                    Assert.True(Learn(whole).IsSameAs(Learn(sum)));
                },
                iter: 60,
                threads: 1 // the files have the same names each time
            );

    [Fact]
    public void A_line_belongs_to_the_part_where_it_begins()
    {
        // Lines begin at 0, 4, 8 and 20; a quarter of 24 bytes is 6.
        _folder.Write("a.tsv", "a\tA\nb\tB\nc\tCCCCCCCCC\nd\tD\n");
        string[] words = [.. Enumerable.Range(0, 4).Select(i => Words(Count(new("a.tsv"), i, 4)))];
        Assert.Equal([" A 1, B 1, a 1, b 1", " CCCCCCCCC 1, c 1", "", " D 1, d 1"], words);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".tmx")]
    public void A_file_that_cannot_be_entered_in_the_middle_is_divided_by_its_pairs(string ending)
    {
        var name = $"a{ending}";
        if (ending == ".gz")
        {
            using var compressed = new GZipStream(File.Create(_folder.PathOf(name)), CompressionLevel.Fastest);
            compressed.Write("a\tA\nb\tB\nc\tC\n"u8);
        }
        else
        {
            _folder.Write(name, $"<tmx><body>{string.Concat(new[] { "a", "b", "c" }.Select(Unit))}</body></tmx>");
        }

        Assert.Equal(" A 1, C 1, a 1, c 1", Words(Count(new(name), 0, 2)));
        Assert.Equal(" B 1, b 1", Words(Count(new(name), 1, 2)));

        static string Unit(string text) =>
            $"<tu><tuv xml:lang='x'><seg>{text}</seg></tuv><tuv xml:lang='y'><seg>{text.ToUpperInvariant()}</seg></tuv>"
            + "</tu>";
    }

    [Fact]
    public void Damage_is_named_with_the_part_since_its_lines_are_not_the_files()
    {
        var path = _folder.Write("a.tsv", "a\tA\nb\tB\nno tab\n");
        Assert.StartsWith(
            $"{path}, part 1/2, line 1: a line is a source sentence",
            Assert.Throws<UserErrorException>(() => Count(new("a.tsv"), 1, 2)).Message,
            StringComparison.Ordinal
        );
        _folder.Write("latin.tsv", [.. "a\tA\n"u8, .. Encoding.Latin1.GetBytes("ü\tB\n")]);
        Assert.Contains(
            "latin.tsv, part 1/2, line 1: byte 1 of the line is not UTF-8",
            Assert.Throws<UserErrorException>(() => Count(new("latin.tsv"), 1, 2)).Message,
            StringComparison.Ordinal
        );
        _folder.Write("empty.tsv", "");
        Assert.Equal(
            $"{_folder.PathOf("empty.tsv")}: the file is empty.",
            Assert.Throws<UserErrorException>(() => Count(new("empty.tsv"), 0, 2)).Message
        );
    }

    [Fact]
    public void A_pipe_has_no_parts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes need Unix");
        var path = NamedPipe.Make(_folder.PathOf("pipe"));
        Assert.Equal(
            $"{path}: a pipe can be read only once, so that nobody could read its other parts. Write it to a file.",
            Assert.Throws<UserErrorException>(() => Count(new("pipe"), 0, 2)).Message
        );
    }

    private ParallelFiles Write(string[] sources, string[] targets, string end, bool open)
    {
        var count = Math.Min(sources.Length, targets.Length);
        _folder.Write("a.src", Text(sources));
        _folder.Write("a.tgt", Text(targets));
        _folder.Write(
            "b.tsv",
            string.Concat(Enumerable.Range(0, count).Select(i => $"{Cell(sources[i])}\t{Cell(targets[i])}{end}"))
        );
        return new ParallelFiles([new(["a.src", "a.tgt"])]);

        string Text(string[] lines) =>
            string.Join(end, lines.Select(OneLine)) + (open && OneLine(lines[^1]).Length > 0 ? "" : end);

        static string Cell(string text) => OneLine(text).Replace('\t', ' ');
    }

    private static string OneLine(string text) =>
        new(
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Where(c => c is not ('\n' or '\r' or '\0')).ToArray()
        );

    private PartCounts Count(ParallelFiles files, int number, int count)
    {
        var part = FilePart.Of(number, count);
        return new PartCounter(
            part,
            PartFile.Of(files, _folder.FullName, part),
            Normalization.Nfc,
            new LanguagePair("x", "y"),
            progress: null,
            TestContext.Current.CancellationToken
        ).Count();
    }

    private static BytePairModel Learn(WordCounts counts) =>
        BytePairModel.Learn(counts, Subwords, progress: null, TestContext.Current.CancellationToken);

    private static IEnumerable<(string, long)> Sorted(WordCounts counts) =>
        counts.Words.Select(word => (word.Key, word.Value)).Order();

    private static string Words(PartCounts counts) =>
        string.Join(
            ',',
            counts
                .Counts.Words.OrderBy(word => word.Key, StringComparer.Ordinal)
                .Select(word => $"{word.Key} {word.Value}")
        );
}
