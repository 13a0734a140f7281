using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Parts;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Parts;

public sealed class CountsFolderTests : IDisposable
{
    private static readonly ParallelFiles Files = new([new(["a.tsv"]), new(["b.de", "b.en"])]);

    private readonly TemporaryFolder _folder = new();

    public CountsFolderTests()
    {
        _folder.Write("a.tsv", string.Concat(Enumerable.Range(0, 50).Select(i => $"Wort {i}\tword {i}\n")));
        _folder.Write("b.de", "ein Haus\nzwei  Häuser\n😀\n");
        _folder.Write("b.en", "a house\ntwo houses\n😀\n");
        Directory.CreateDirectory(Counts);
    }

    private string Counts => _folder.PathOf("counts");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counted_words_are_read_back_and_the_same_text_gives_the_same_bytes()
    {
        var counts = Count(1, 3);
        PartCountsFile.Write(PathOf(1, 3), counts);
        var bytes = File.ReadAllBytes(PathOf(1, 3));
        PartCountsFile.Write(PathOf(1, 3), Count(1, 3));
        var read = PartCountsFile.Read(PathOf(1, 3));

        Assert.Equal(bytes, File.ReadAllBytes(PathOf(1, 3)));
        Assert.Equal(counts.Counts.Words.OrderBy(Key), read.Counts.Words.OrderBy(Key));
        Assert.Equal((counts.Part, counts.Normalization), (read.Part, read.Normalization));
        Assert.Equal(counts.Text, read.Text);

        static string Key(KeyValuePair<string, long> word) => word.Key;
    }

    [Fact]
    public void A_byte_that_changes_or_is_missing_is_noticed()
    {
        PartCountsFile.Write(PathOf(0, 1), Count(0, 1));
        var bytes = File.ReadAllBytes(PathOf(0, 1));
        for (var at = 0; at < bytes.Length; at += 7)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            File.WriteAllBytes(PathOf(0, 1), changed);
            Assert.Contains("damaged", Refusal(() => PartCountsFile.Read(PathOf(0, 1))), StringComparison.Ordinal);
            File.WriteAllBytes(PathOf(0, 1), bytes[..at]);
            Assert.Contains("damaged", Refusal(() => PartCountsFile.Read(PathOf(0, 1))), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Preparing_from_counted_parts_gives_the_same_as_from_the_text(int parts)
    {
        _folder.Write("valid.tsv", "Wort\tword\n");
        var options = new DataOptions { Train = Files, Valid = new("valid.tsv") };
        CountAll(parts);

        var (whole, merged) = (Prepared(counts: null), Prepared(Counts));

        Assert.True(whole.Subwords.IsSameAs(merged.Subwords));
        Assert.Equal(whole.Train.HashOfIds(), merged.Train.HashOfIds());
        Assert.Equal(whole.Train.Hashes, merged.Train.Hashes);

        PreparedCorpus Prepared(string? counts) =>
            new CorpusPreparation(
                options,
                100,
                _folder.FullName,
                new Unwatched(),
                TestContext.Current.CancellationToken
            )
            {
                Counts = counts,
            }.Learn(new SubwordOptions { Merges = 30 });
    }

    [Fact]
    public void Parts_that_are_missing_and_parts_of_two_divisions_are_refused()
    {
        Assert.Null(CountsFolder.In(Counts));
        Assert.Null(CountsFolder.In(_folder.PathOf("nothing")));
        PartCountsFile.Write(PathOf(0, 3), Count(0, 3));
        Assert.Equal(
            $"{Counts}: of 3 parts whose words are counted, 2 are missing (the first: 1/3). Count them, or remove the "
                + "folder to count everything at once.",
            Refusal(() => CountsFolder.In(Counts))
        );
        PartCountsFile.Write(PathOf(0, 1), Count(0, 1));
        Assert.Equal(
            $"{Counts}: there are counted words of a text in 1 and in 3 parts. Remove those that do not belong to the "
                + "training text.",
            Refusal(() => CountsFolder.In(Counts))
        );
    }

    [Fact]
    public void Words_of_another_text_are_refused()
    {
        CountAll(2);
        Assert.Contains(
            "subwords.normalization is nfkc",
            Refusal(() => Sum(Files, Normalization.Nfkc)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "they are of 3 files, and the training text has 1",
            Refusal(() => Sum(new("a.tsv"))),
            StringComparison.Ordinal
        );

        var text = File.ReadAllText(_folder.PathOf("a.tsv"));
        _folder.Write("a.tsv", text.Replace("Wort 49", "Word 49", StringComparison.Ordinal));
        Assert.Equal(
            $"{PathOf(1, 2)}: these counted words are not of this part of the training text: "
                + $"{_folder.PathOf("a.tsv")} has changed since. Count this part again.",
            Refusal(() => Sum(Files))
        );
        _folder.Write("a.tsv", text + "x\ty\n");
        Assert.Contains("is another", Refusal(() => Sum(Files)), StringComparison.Ordinal);

        _folder.Write("a.tsv", text);
        File.Copy(PathOf(0, 2), PathOf(1, 2), overwrite: true);
        Assert.Contains("they are of part 0/2", Refusal(() => Sum(Files)), StringComparison.Ordinal);
    }

    private void CountAll(int parts)
    {
        foreach (var i in Enumerable.Range(0, parts))
        {
            PartCountsFile.Write(PathOf(i, parts), Count(i, parts));
        }
    }

    private WordCounts Sum(ParallelFiles files, Normalization normalization = Normalization.Nfc) =>
        CountsFolder
            .In(Counts)!
            .Sum(files, _folder.FullName, normalization, new Progress<double>(), TestContext.Current.CancellationToken);

    private PartCounts Count(int number, int count)
    {
        var part = FilePart.Of(number, count);
        return new PartCounter(
            part,
            PartFile.Of(Files, _folder.FullName, part),
            Normalization.Nfc,
            LanguagePair.Unnamed,
            progress: null,
            TestContext.Current.CancellationToken
        ).Count();
    }

    private string PathOf(int number, int count) =>
        Path.Combine(Counts, PartCountsFile.NameOf(FilePart.Of(number, count)));

    private static string Refusal(Action action) => Assert.Throws<UserErrorException>(action).Message;

    private sealed class Unwatched : IPreparationProgress
    {
        public T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work) =>
            work(new Progress<double>());
    }
}
