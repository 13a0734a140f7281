using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Placeholders;

public class ProtectedSentenceTests
{
    [Fact]
    public void Words_that_the_sentence_has_are_not_used() =>
        Assert.Equal("Zelle A1 zeigt B2 und C3.", Of("Zelle A1 zeigt {0} und {1}.").Sent.Text);

    [Theory]
    [InlineData("Cell A1 shows B2.", "Cell {0} shows {1}.")]
    [InlineData("B2 is in A1", "{1} is in {0}")]
    [InlineData("Cell A1 shows A1.", null)]
    [InlineData("Cell A1 shows B22.", null)]
    [InlineData("Cell A1 shows.", null)]
    [InlineData("Cell A1 shows B2 and {2}.", null)]
    public void A_translation_counts_only_with_each_placeholder_once(string translation, string? restored) =>
        Assert.Equal(restored, Of("Zelle {0} zeigt {1}.").Restored(translation)?.Text);

    [Fact]
    public void Places_are_known_both_ways()
    {
        var sent = Of("Zelle {name}, ja").Sent;

        Assert.Equal("Zelle A1, ja", sent.Text);
        Assert.Equal(new TextRange(6, 13), sent.Before(new TextRange(6, 9)));
        Assert.Equal(new TextRange(14, 16), sent.Before(new TextRange(10, 12)));
        Assert.Equal(new TextRange(6, 9), sent.After(new TextRange(6, 13)));
        Assert.Equal(new TextRange(0, 12), sent.After(new TextRange(0, 16)));
    }

    [Fact]
    public void More_placeholders_than_there_are_words_for_cannot_be_protected() =>
        Assert.Null(ProtectedSentence.Of("{0} {1} {2} {3} {4} {5} {6} {7} {8}"));

    private static ProtectedSentence Of(string sentence) => ProtectedSentence.Of(sentence)!;
}
