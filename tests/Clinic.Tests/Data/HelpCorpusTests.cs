using System.Globalization;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data;

public class HelpCorpusTests
{
    private static readonly TextNormalizer Normalizer = new(Normalization.Nfkc);

    public static TheoryData<string> Sets => ["train", "valid", "test"];

    [Theory]
    [InlineData("valid")]
    [InlineData("test")]
    public void No_sentence_that_is_held_out_is_in_the_training_set(string set)
    {
        var train = Read("train");
        var held = Read(set);
        Assert.Empty(Sentences(train, pair => pair.Source).Intersect(Sentences(held, pair => pair.Source)));
        Assert.Empty(Sentences(train, pair => pair.Target).Intersect(Sentences(held, pair => pair.Target)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_read_me_counts_the_pairs(string set)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"| `{set}.de-en.tsv` | {Read(set).Count:N0} |");
        Assert.Contains(row, File.ReadAllText(PathOf("README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_side_of_a_pair_is_empty(string set) =>
        Assert.DoesNotContain(
            Read(set),
            pair => string.IsNullOrWhiteSpace(pair.Source) || string.IsNullOrWhiteSpace(pair.Target)
        );

    [Fact]
    public void The_license_is_next_to_the_text() =>
        Assert.StartsWith(
            "Mozilla Public License Version 2.0",
            File.ReadAllText(PathOf("LICENSE")),
            StringComparison.Ordinal
        );

    private static IReadOnlyList<SentencePair> Read(string set) =>
        ParallelText
            .Read(new($"{set}.de-en.tsv"), HelpCorpus.Folder, cancellation: TestContext.Current.CancellationToken)
            .Pairs;

    private static HashSet<string> Sentences(IReadOnlyList<SentencePair> pairs, Func<SentencePair, string> side) =>
        [.. pairs.Select(pair => Normalizer.Normalize(side(pair)).ToUpperInvariant())];

    private static string PathOf(string name) => Path.Combine(HelpCorpus.Folder, name);
}
