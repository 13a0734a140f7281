using System.Net;
using System.Text;

namespace TransformerClinic.Web.Tests.Api.LibreTranslate;

public class LibreTranslateFilesTests(ServedModelFixture models)
{
    private RunningService Service => models.Service;

    [Fact]
    public async Task A_file_is_answered_by_a_link_that_works_once()
    {
        var sent = await Service.SendAsync(
            DocumentForms.Of(
                "/translate_file",
                "groß ä.txt",
                Encoding.UTF8.GetBytes("eins zwei\n"),
                ("source", "de"),
                ("target", "en"),
                ("api_key", "")
            )
        );
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        var link = sent.Text("translatedFileUrl")!;
        Assert.StartsWith($"{Service.Address}/download_file/", link, StringComparison.Ordinal);

        Assert.Equal(models.TranslationOf("eins zwei") + "\n", (await Service.GetAsync(link)).Body);
        var second = await DocumentForms.UntilAsync(
            () => Service.GetAsync(link),
            answer => answer.Status == HttpStatusCode.NotFound
        );
        Assert.NotNull(second.Text("error"));
    }

    [Theory]
    [InlineData("a.pdf", "de", "en", "Invalid request: file format not supported")]
    [InlineData("a.txt", "", "en", "Invalid request: missing source parameter")]
    [InlineData("a.txt", "fr", "en", "fr is not supported")]
    public async Task Mistakes_are_told_in_the_words_that_clients_look_for(
        string name,
        string source,
        string target,
        string error
    )
    {
        var answer = await Service.SendAsync(
            DocumentForms.Of("/translate_file", name, "a"u8.ToArray(), ("source", source), ("target", target))
        );

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_in_words()
    {
        var answer = await Service.SendAsync(
            DocumentForms.Of("/translate_file", "a.docx", "a"u8.ToArray(), ("source", "auto"), ("target", "en"))
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("a.docx: ", answer.Text("error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/download_file/x")]
    [InlineData("/download_file/..%2f..%2fetc%2fpasswd")]
    public async Task Names_lead_nowhere(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Service.GetAsync(address)).Status);
}
