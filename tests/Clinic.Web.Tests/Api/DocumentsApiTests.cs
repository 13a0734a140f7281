using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace TransformerClinic.Web.Tests.Api;

public class DocumentsApiTests(ServedModelFixture models)
{
    private const string Address = "/v1/documents";
    private static readonly byte[] Srt = Encoding.UTF8.GetBytes(
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Guten Morgen!</i>\r\n\r\n"
            + "2\r\n00:00:03,000 --> 00:00:04,000\r\nMöchten Sie das Dokument speichern?\r\n"
    );

    private RunningService Service => models.Service;

    [Fact]
    public async Task A_document_is_sent_asked_about_and_fetched_once()
    {
        var sent = await SendAsync("film.srt", Srt, ("source", "de"), ("target", "en"));
        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        var id = sent.Text("id")!;
        var done = await DoneAsync(id);

        Assert.Equal(
            ("done", "film.srt", "2", "2"),
            (done.Text("state"), done.Text("name"), done.Text("doneSegments"), done.Text("segments"))
        );
        Assert.Null(done.Text("problem"));
        using var result = await Service.Client.GetAsync(
            $"{Address}/{id}/result",
            TestContext.Current.CancellationToken
        );
        Assert.Equal("application/x-subrip", result.Content.Headers.ContentType!.MediaType);
        Assert.Equal("film.srt", result.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(
            "1\r\n00:00:01,000 --> 00:00:02,500\r\n"
                + $"<i>{models.TranslationOf("Guten Morgen!")}</i>\r\n\r\n"
                + "2\r\n00:00:03,000 --> 00:00:04,000\r\n"
                + $"{models.TranslationOf("Möchten Sie das Dokument speichern?")}\r\n",
            await result.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var gone = await DocumentForms.UntilAsync(
            () => Service.GetAsync($"{Address}/{id}"),
            answer => answer.Status == HttpStatusCode.NotFound
        );
        Assert.StartsWith("There is no document of this id", gone.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_document_fails_in_words()
    {
        var sent = await SendAsync("brief.docx", "no archive"u8.ToArray());
        var id = sent.Text("id")!;
        var failed = await DoneAsync(id);

        Assert.Equal("failed", failed.Text("state"));
        Assert.StartsWith("brief.docx: ", failed.Text("problem"), StringComparison.Ordinal);
        var result = await Service.GetAsync($"{Address}/{id}/result");
        Assert.Equal((HttpStatusCode.Conflict, failed.Text("problem")), (result.Status, result.Text("detail")));
    }

    [Fact]
    public async Task A_document_can_be_deleted()
    {
        var id = (await SendAsync("a.txt", Encoding.UTF8.GetBytes("eins zwei"))).Text("id");
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, await StatusOf(request));
        using var again = new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(again));
    }

    [Fact]
    public async Task What_cannot_be_translated_is_refused_when_it_is_sent()
    {
        var kind = await SendAsync("a.pdf", "%PDF"u8.ToArray());
        var pair = await SendAsync("a.txt", "a"u8.ToArray(), ("target", "fr"));
        var none = await Service.FormAsync(Address, "source=de");

        Assert.Equal(HttpStatusCode.BadRequest, kind.Status);
        Assert.StartsWith("a.pdf: this kind of document", kind.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, pair.Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, none.Status);
        Assert.Contains("multipart/form-data", none.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_may_be_larger_than_a_text_and_no_larger_than_its_own_limit()
    {
        await using var service = await models.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { BodyBytes = 2048, DocumentBytes = 8192 },
            }
        );
        var fits = await service.SendAsync(DocumentForms.Of(Address, "a.txt", new byte[5000]));
        var large = await service.SendAsync(DocumentForms.Of(Address, "a.txt", new byte[9000]));
        var larger = await service.SendAsync(DocumentForms.Of(Address, "a.txt", new byte[1 << 20]));

        Assert.Equal(HttpStatusCode.Accepted, fits.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.StartsWith("The document has 9000 bytes", large.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger.Status);
    }

    [Fact]
    public async Task Documents_need_a_key_where_keys_are_asked_for()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });

        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await service.SendAsync(DocumentForms.Of(Address, "a.txt", Srt))).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync($"{Address}/x")).Status);
    }

    [Fact]
    public async Task The_service_stops_with_documents_under_way()
    {
        var service = await models.StartAsync();
        var text = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("Guten Morgen, die Welt ist schön.\n\n", 3000))
        );
        var sent = await service.SendAsync(DocumentForms.Of(Address, "a.txt", text));
        Assert.Equal(HttpStatusCode.Accepted, sent.Status);

        await service.DisposeAsync();
    }

    private async Task<Answer> SendAsync(string name, byte[] content, params (string, string)[] fields) =>
        await Service.SendAsync(DocumentForms.Of(Address, name, content, fields));

    private Task<Answer> DoneAsync(string id) =>
        DocumentForms.UntilAsync(
            () => Service.GetAsync($"{Address}/{id}"),
            answer => answer.Json is JsonObject && answer.Text("state") is "done" or "failed"
        );

    private async Task<HttpStatusCode> StatusOf(HttpRequestMessage request) =>
        (await Service.SendAsync(request)).Status;
}
