namespace TransformerClinic.Documents.Tests;

public class MarkedTextTests
{
    [Fact]
    public void Plain_text_is_the_text_between_the_markup() =>
        Assert.Equal(
            "Open the file.",
            new MarkedText([
                TextPart.Of("Open "),
                new TextPart(PartKind.Opening, "", 0),
                TextPart.Of("the file"),
                new TextPart(PartKind.Closing, "", 0),
                new TextPart(PartKind.Alone, "", 1),
                TextPart.Of("."),
            ]).Plain
        );
}
