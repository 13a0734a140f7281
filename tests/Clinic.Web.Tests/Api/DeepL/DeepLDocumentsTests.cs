using System.Net;
using System.Text;

namespace TransformerClinic.Web.Tests.Api.DeepL;

public class DeepLDocumentsTests(ServedModelFixture models)
{
    private static readonly byte[] Html = Encoding.UTF8.GetBytes("<p>Guten Morgen!</p>\n<pre>eins</pre>\n");

    private RunningService Service => models.Service;

    [Fact]
    public async Task A_document_goes_round_as_deepl_node_sends_it()
    {
        var sent = await Service.SendAsync(
            DocumentForms.Of("/v2/document", "a.html", Html, ("source_lang", "de"), ("target_lang", "en-US"))
        );
        var (id, key) = (sent.Text("document_id"), $"document_key={sent.Text("document_key")}");
        var done = await DocumentForms.UntilAsync(
            () => Service.FormAsync($"/v2/document/{id}", key),
            answer => answer.Text("status") is "done" or "error"
        );

        Assert.Equal(("done", id), (done.Text("status"), done.Text("document_id")));
        Assert.Equal("13", done.Text("billed_characters"));
        var result = await Service.FormAsync($"/v2/document/{id}/result", key);
        Assert.Equal(
            $"<p>{models.TranslationOf("Guten Morgen!")}</p>\n<pre>eins</pre>\n",
            WebUtility.HtmlDecode(result.Body)
        );
        var gone = await DocumentForms.UntilAsync(
            () => Service.FormAsync($"/v2/document/{id}", key),
            answer => answer.Status == HttpStatusCode.NotFound
        );
        Assert.NotNull(gone.Text("message"));
    }

    [Fact]
    public async Task A_document_without_its_key_is_not_there()
    {
        var sent = await Service.SendAsync(DocumentForms.Of("/v2/document", "a.html", Html, ("target_lang", "EN")));
        var id = sent.Text("document_id");

        Assert.Equal(HttpStatusCode.NotFound, (await Service.FormAsync($"/v2/document/{id}", "")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await Service.FormAsync($"/v2/document/{id}", $"document_key={id}")).Status
        );
        Assert.Equal(HttpStatusCode.NotFound, (await Service.FormAsync($"/v2/document/{id}/result", "")).Status);
    }

    [Fact]
    public async Task A_damaged_document_says_why_and_has_no_result()
    {
        var sent = await Service.SendAsync(
            DocumentForms.Of("/v2/document", "a.docx", "no archive"u8.ToArray(), ("target_lang", "EN"))
        );
        var (id, key) = (sent.Text("document_id"), $"document_key={sent.Text("document_key")}");
        var failed = await DocumentForms.UntilAsync(
            () => Service.FormAsync($"/v2/document/{id}", key),
            answer => answer.Text("status") is "done" or "error"
        );

        Assert.Equal("error", failed.Text("status"));
        Assert.StartsWith("a.docx: ", failed.Text("error_message"), StringComparison.Ordinal);
        var result = await Service.FormAsync($"/v2/document/{id}/result", key);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, result.Status);
        Assert.NotNull(result.RetryAfter);
    }

    [Fact]
    public async Task What_is_not_served_is_refused_when_it_is_sent()
    {
        async Task<Answer> SendAsync(params (string, string)[] fields) =>
            await Service.SendAsync(DocumentForms.Of("/v2/document", "a.html", Html, fields));

        Assert.Equal(
            "Value for 'source_lang' not supported: EN. Allowed: DE.",
            (await SendAsync(("target_lang", "EN"), ("source_lang", "EN"))).Text("message")
        );
        Assert.StartsWith(
            "output_format is pdf",
            (await SendAsync(("target_lang", "EN"), ("output_format", "pdf"))).Text("message"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "glossary_id is set",
            (await SendAsync(("target_lang", "EN"), ("glossary_id", "g"))).Text("message"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Parameter 'file' not specified.",
            (await Service.FormAsync("/v2/document", "target_lang=EN")).Text("message")
        );
    }
}
