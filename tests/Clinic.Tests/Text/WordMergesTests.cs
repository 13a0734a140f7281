using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public sealed class WordMergesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("codes", "cut")]
    [InlineData("codes.0.1", "cut.0.1")]
    public void Words_are_cut_as_subword_nmt_cut_them(string codes, string cut)
    {
        var merges = WordMergesFile.Read(Recorded(codes));
        var text = File.ReadAllLines(Recorded("text"));
        var expected = File.ReadAllLines(Recorded(cut));

        Assert.True(text.Length > 300);
        Assert.Equal(
            expected,
            text.Select(line => string.Join(' ', line.Split(' ').Select(word => string.Join("@@ ", merges.Cut(word)))))
        );
    }

    [Fact]
    public void The_file_of_fastBPE_has_a_count_and_means_the_same()
    {
        var lines = File.ReadAllLines(Recorded("codes")).Skip(1).Select(line => line + " 17\n");
        var fast = WordMergesFile.Read(_folder.Write("fast", string.Concat(lines)));

        Assert.True(WordMerges.AreSame(WordMergesFile.Read(Recorded("codes")), fast));
    }

    [Fact]
    public void Of_a_pair_that_is_there_twice_the_first_one_counts()
    {
        var merges = WordMergesFile.Read(_folder.Write("codes", "#version: 0.2\na b\nb c\na b\n"));

        Assert.Equal(["ab", "c", "d"], merges.Cut("abcd"));
    }

    [Fact]
    public void A_pair_is_merged_everywhere_from_left_to_right() =>
        Assert.Equal(["aa", "aa", "a"], new WordMerges([("a", "a")], endIsApart: true).Cut("aaaaa"));

    [Fact]
    public void Parts_of_a_word_are_the_word()
    {
        var merges = WordMergesFile.Read(Recorded("codes"));
        Assert.All(
            ["a", "\U0001F600\u0308", "</w>", "x</w>", "überall", "\U0001F600"],
            word => Assert.Equal(word, string.Concat(merges.Cut(word)))
        );
    }

    [Theory]
    [InlineData("#version: 0.3\na b\n", "version of the merges is '0.3'")]
    [InlineData("#version: 0.2\na b c d\n", "line 2: this is not a line of merges")]
    [InlineData("a b\na\n", "line 2: this is not a line of merges")]
    [InlineData("a b 3\na b c\n", "line 2: this is not a line of merges")]
    [InlineData("a b\na b 3\n", "line 2: this is not a line of merges")]
    [InlineData("a  b\n", "line 1: this is not a line of merges")]
    public void What_is_not_a_file_of_merges_is_refused(string content, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<UserErrorException>(() => WordMergesFile.Read(_folder.Write("codes", content))).Message,
            StringComparison.Ordinal
        );

    public void Dispose() => _folder.Dispose();

    private static string Recorded(string name) => Path.Combine(GoldenFolder.Path, "subwords", name);
}
