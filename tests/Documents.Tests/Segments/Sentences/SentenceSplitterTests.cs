using CsCheck;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Sentences;

public class SentenceSplitterTests
{
    private static readonly SegmentationRules Rules = SegmentationRules.BuiltIn();

    [Fact]
    public void Every_text_of_the_gold_list_is_split_as_marked()
    {
        var gold = SentenceGold.All();
        var wrong = gold.Select(one => (one, Found: Split(one.Language, one.Text)))
            .Where(pair => !pair.Found.SequenceEqual(pair.one.Sentences))
            .Select(pair => $"{pair.one.Language}: {string.Join(" ¦ ", pair.Found)}")
            .ToList();

        Assert.True(gold.Count >= 120, $"{gold.Count} texts");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {gold.Count}:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("zh")]
    public void Sentences_and_the_white_space_between_them_are_the_text(string language)
    {
        var splitter = Rules.For(language);
        string[] pieces = [". ", "! ", "?", "\n\n", "\r\n \r\n", "。", "Wort", "A", "\u2029", "3", "„", "“"];
        var mixed = Gen.Int[0, pieces.Length - 1].Select(piece => pieces[piece]).Array[0, 20].Select(string.Concat);
        Gen.OneOf(AnyText.Line, mixed)
            .Sample(text =>
            {
                var place = 0;
                foreach (var sentence in splitter.Split(text))
                {
                    Assert.True(sentence.Length > 0);
                    Assert.True(string.IsNullOrWhiteSpace(text[place..sentence.Start]));
                    Assert.Equal(sentence, sentence.Trimmed(text));
                    place = sentence.End;
                }

                Assert.True(string.IsNullOrWhiteSpace(text[place..]));
            });
    }

    [Fact]
    public void Without_rules_a_paragraph_is_a_sentence() =>
        Assert.Equal(
            ["Eins. Zwei.\nDrei.", "Vier."],
            SentenceSplitter
                .Paragraphs()
                .Split(" Eins. Zwei.\nDrei.\n\t\n Vier.")
                .Select(Of(" Eins. Zwei.\nDrei.\n\t\n Vier."))
        );

    [Fact]
    public void A_paragraph_of_3000_sentences_is_split_in_time()
    {
        var text = string.Concat(Enumerable.Repeat("Das ist z. B. am 3. Oktober so. ", 3000));

        Assert.Equal(3000, Split("de", text).Count);
    }

    private static List<string> Split(string language, string text) =>
        [.. Rules.For(language).Split(text).Select(Of(text))];

    private static Func<TextRange, string> Of(string text) => range => range.Of(text);
}
