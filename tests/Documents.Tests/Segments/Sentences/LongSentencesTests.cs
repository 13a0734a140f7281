using CsCheck;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Sentences;

public class LongSentencesTests
{
    [Theory]
    [InlineData("eins zwei drei", 3, "eins zwei drei")]
    [InlineData("eins zwei drei vier", 3, "eins zwei drei|vier")]
    [InlineData("eins zwei, drei vier", 3, "eins zwei,|drei vier")]
    [InlineData("eins zwei drei; vier, fünf sechs", 5, "eins zwei drei;|vier, fünf sechs")]
    [InlineData("eins, zwei drei vier fünf sechs", 5, "eins, zwei drei vier fünf|sechs")]
    [InlineData("eins", 0, "eins")]
    [InlineData("eins zwei", 0, "eins|zwei")]
    public void Parts_end_at_a_mark_in_their_second_half_or_at_white_space(string text, int most, string parts) =>
        Assert.Equal(parts.Split('|'), Parts(text, most));

    [Fact]
    public void Parts_and_white_space_are_the_sentence_and_each_part_fits_unless_it_is_a_word() =>
        Gen.Select(AnyText.Line, Gen.Int[1, 6])
            .Sample(
                (text, most) =>
                {
                    var sentence = new TextRange(0, text.Length).Trimmed(text);
                    var place = sentence.Start;
                    foreach (var part in Long(most).Parts(text, sentence))
                    {
                        Assert.True(string.IsNullOrWhiteSpace(text[place..part.Start]));
                        Assert.True(Words(part.Of(text)) <= Math.Max(1, most));
                        place = part.End;
                    }

                    Assert.Equal(sentence.End, place);
                }
            );

    private static LongSentences Long(int most) => new(Words, most);

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static IEnumerable<string> Parts(string text, int most) =>
        Long(most).Parts(text, new TextRange(0, text.Length)).Select(part => part.Of(text));
}
