using System.Text.Json;
using CsCheck;
using Tokenizers.DotNet;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Interop.HuggingFace;

/// <summary>
/// <c>tokenizer.json</c> in the library that owns the format: Hugging Face's <c>tokenizers</c>, in Rust.
/// </summary>
public sealed class TokenizerFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Normalization.Nfc)]
    [InlineData(Normalization.Nfkc)]
    public void Any_text_has_our_ids_but_for_literal_marks(Normalization normalization)
    {
        var subwords = Learn(normalization);
        var tokenizer = Open(subwords);

        AnyText
            .Line.Where(line => !HoldsMark(line) && !line.Any(char.IsSurrogate))
            .Sample(line => Assert.Equal(Ours(subwords, line), Theirs(tokenizer, line)), iter: 2000);
    }

    [Fact]
    public void Every_line_of_the_corpus_has_our_ids()
    {
        var subwords = (BytePairModel)HelpCorpus.Prepared.Subwords;
        var tokenizer = Open(subwords);
        string[] lines = [.. HelpCorpus.Lines];

        Assert.True(lines.Length > 50_000);
        Assert.DoesNotContain(lines, line => !Ours(subwords, line).SequenceEqual(Theirs(tokenizer, line)));
    }

    [Fact]
    public void Of_lines_made_to_break_tokenizers_only_a_literal_mark_differs()
    {
        var subwords = (BytePairModel)HelpCorpus.Prepared.Subwords;
        var tokenizer = Open(subwords);

        var differing = TortureLines.All.Where(line => !Ours(subwords, line).SequenceEqual(Theirs(tokenizer, line)));

        Assert.Equal(["</s> <pad>"], differing);
    }

    [Fact]
    public void Marks_in_a_text_are_taken_for_marks_there_and_spelled_here()
    {
        var subwords = Learn(Normalization.Nfc);

        Assert.Equal([2, 2], Theirs(Open(subwords), "</s>"));
        Assert.NotEqual([2, 2], Ours(subwords, "</s>"));
    }

    private static BytePairModel Learn(Normalization normalization) =>
        SubwordModel.Learn(
            HelpCorpus.Lines.Take(500),
            new SubwordOptions { Merges = 500, Normalization = normalization }
        );

    private Tokenizer Open(BytePairModel subwords)
    {
        var path = Path.Combine(_folder.FullName, "tokenizer.json");
        File.WriteAllText(path, JsonSerializer.Serialize(TokenizerFile.Of(subwords)));
        return new Tokenizer(path);
    }

    private static int[] Ours(BytePairModel subwords, string line) =>
        [.. subwords.Encode(line), Vocabulary.EndOfSentence];

    private static int[] Theirs(Tokenizer tokenizer, string line) => [.. tokenizer.Encode(line).Select(id => (int)id)];

    private static bool HoldsMark(string line) =>
        new[] { "<s>", "</s>", "<pad>", "<unk>" }.Any(mark => line.Contains(mark, StringComparison.Ordinal));
}
