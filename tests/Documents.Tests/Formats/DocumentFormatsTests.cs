using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats;

public class DocumentFormatsTests
{
    [Theory]
    [InlineData("a.docx", null, "docx")]
    [InlineData("A.HTM", null, "html")]
    [InlineData("a.en.md", null, "markdown")]
    [InlineData("a.srt", "text/plain", "srt")]
    [InlineData("a.vtt", null, "vtt")]
    [InlineData("a.txt", null, "text")]
    [InlineData("a.xlf", null, "xliff")]
    [InlineData("a", "text/html; charset=utf-8", "html")]
    [InlineData(null, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")]
    public void A_format_is_found_by_name_or_media_type(string? name, string? type, string expected) =>
        Assert.Equal(expected, DocumentFormats.Of(name, type).Name);

    [Fact]
    public void Another_kind_is_refused_with_what_there_is()
    {
        var refused = Assert.Throws<UserErrorException>(() => DocumentFormats.Of("a.pdf", "application/pdf"));

        Assert.StartsWith(
            "a.pdf: this kind of document cannot be translated.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.All(
            DocumentFormats.All,
            format =>
                Assert.Contains($"{format.Name} ({format.Extensions[0]}", refused.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_two_formats_share_a_name_an_extension_or_a_media_type()
    {
        Assert.Distinct(DocumentFormats.All.Select(format => format.Name));
        Assert.Distinct(DocumentFormats.All.SelectMany(format => format.Extensions));
        Assert.Distinct(DocumentFormats.All.SelectMany(format => format.MediaTypes));
        Assert.All(
            DocumentFormats.All.SelectMany(format => format.Extensions.Concat(format.MediaTypes)),
            name => Assert.Equal(name.ToLowerInvariant(), name)
        );
    }
}
