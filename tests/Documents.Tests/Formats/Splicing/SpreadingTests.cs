using CsCheck;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Tests.Formats.Splicing;

public class SpreadingTests
{
    [Theory]
    [InlineData("eins zwei drei vier", "10 10", "eins zwei|drei vier")]
    [InlineData("eins zwei drei vier", "1 30", "eins|zwei drei vier")]
    [InlineData("eins, zwei drei vier", "8 14", "eins,|zwei drei vier")]
    [InlineData("eins", "5 5", "eins|")]
    [InlineData("a b", "1 1 1", "a|b|")]
    [InlineData("", "5 5", "|")]
    [InlineData("今日は天気がいいです", "1 1", "今日は天気|がいいです")]
    [InlineData("Donaudampfschifffahrt", "1 1", "Donaudampfschifffahrt|")]
    public void A_text_is_divided_by_length_between_words(string text, string lengths, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                '|',
                Spreading
                    .Over(new MarkedText(text), [.. lengths.Split(' ').Select(int.Parse)])
                    .Select(share => RoundTrip.Shown(new MarkedText(share)))
            )
        );

    [Fact]
    public void No_character_but_space_at_a_break_is_lost_and_no_line_is_empty_if_there_are_words()
    {
        var words = Gen.String[Gen.Char["abc,. "], 0, 40];
        Gen.Select(words, words, Gen.Int[1, 20].Array[1, 6])
            .Sample(
                (one, other, lengths) =>
                {
                    var text = new MarkedText([
                        TextPart.Of(one),
                        new TextPart(PartKind.Opening, "", 0),
                        TextPart.Of(other),
                        new TextPart(PartKind.Closing, "", 0),
                    ]);
                    var shares = Spreading.Over(text, lengths);

                    Assert.Equal(lengths.Length, shares.Count);
                    Assert.Equal(Letters(text), string.Concat(shares.Select(share => Letters(new MarkedText(share)))));
                    var parts = shares.SelectMany(share => share).Where(part => part.Kind != PartKind.Text);
                    Assert.Equal([PartKind.Opening, PartKind.Closing], parts.Select(part => part.Kind));
                    var count = text.Plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
                    Assert.Equal(
                        Math.Min(count, lengths.Length),
                        shares.Count(share => Letters(new MarkedText(share)).Length > 0)
                    );
                }
            );
    }

    private static string Letters(MarkedText text) => text.Plain.Replace(" ", "", StringComparison.Ordinal);
}
