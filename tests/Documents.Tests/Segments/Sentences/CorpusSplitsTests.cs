using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Sentences;

[Trait("Speed", "Slow")]
public class CorpusSplitsTests
{
    [Theory]
    [InlineData("de", 0)]
    [InlineData("en", 1)]
    public void Lines_of_the_corpus_which_are_nearly_all_one_sentence_are_rarely_split(string language, int column)
    {
        var splitter = SegmentationRules.BuiltIn().For(language);
        var lines = new[] { "train", "valid", "test" }
            .SelectMany(part => File.ReadLines(Path.Combine(HelpCorpus.Folder, $"{part}.de-en.tsv")))
            .Select(line => line.Split('\t')[column])
            .ToList();
        var split = lines
            .Select(line => splitter.Split(line).Select(sentence => sentence.Of(line)).ToList())
            .Where(sentences => sentences.Count > 1)
            .Select(sentences => string.Join(" ¦ ", sentences))
            .ToList();

        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant($"{language}: {split.Count} of {lines.Count} lines are split:\n")
                + string.Join('\n', split)
        );
        Assert.InRange(split.Count, 1, lines.Count / 300);
    }
}
