using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TransformerClinic.Web.Tests.Api.Apertium;

public class ApertiumApiTests(ServedModelFixture models)
{
    private const string Text = "Möchten Sie das Dokument speichern?";

    private RunningService Service => models.Service;

    [Theory]
    [InlineData("de|en", "")]
    [InlineData("de_DE|en_US", "")]
    [InlineData("deu|eng", "key-of-nobody")]
    public async Task A_segment_is_translated_as_OmegaT_6_asks_for_it(string pair, string key)
    {
        // OmegaT writes the bar as it is, which no HTTP library of .NET does.
        var answer = await AskAsync(
            $"/translate?q={WebUtility.UrlEncode(Text)}&markUnknown=no&langpair={pair}&key={key}"
        );

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        var json = JsonNode.Parse(
            answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]
        )!;
        Assert.Equal(200, json["responseStatus"]!.GetValue<int>());
        Assert.Equal(models.TranslationOf(Text), json["responseData"]!["translatedText"]!.GetValue<string>());
        Assert.Null(json["responseDetails"]);
    }

    [Fact]
    public async Task A_segment_is_translated_as_Weblate_asks_for_it()
    {
        var pairs = await Service.GetAsync("/listPairs");
        Assert.Equal("200", pairs.Text("responseStatus"));
        var pair = $"{pairs.Text("responseData.0.sourceLanguage")}|{pairs.Text("responseData.0.targetLanguage")}";
        var answer = await Service.GetAsync(
            $"/translate?langpair={Uri.EscapeDataString(pair)}&q={Uri.EscapeDataString(Text)}&markUnknown=no"
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("responseData.translatedText"));
    }

    [Fact]
    public async Task A_form_with_a_pair_is_Apertiums_and_one_without_is_not()
    {
        var pair = await Service.FormAsync("/translate", "langpair=de%7Cen&q=eins");
        var none = await Service.FormAsync("/translate", "source=de&target=en&q=eins");

        Assert.Equal(models.TranslationOf("eins"), pair.Text("responseData.translatedText"));
        Assert.Equal(models.TranslationOf("eins"), none.Text("translatedText"));
    }

    [Theory]
    [InlineData("/translate?q=eins&langpair=de|fr", "That pair is not installed: de|fr. There are: de|en.")]
    [InlineData("/translate?q=eins&langpair=de", "langpair is de: it is two languages, such as de|en.")]
    [InlineData("/translate?q=eins", "langpair is missing: it is two languages, such as de|en.")]
    [InlineData("/translate?langpair=de|en", "q is missing: the text to translate.")]
    public async Task Mistakes_have_Apertiums_shape(string address, string explanation)
    {
        var answer = await Service.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(("error", "400"), (answer.Text("status"), answer.Text("code")));
        Assert.Equal(explanation, answer.Text("explanation"));
    }

    [Fact]
    public async Task The_key_of_the_preferences_is_the_key()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });

        var right = await service.GetAsync($"/translate?q=eins&markUnknown=no&langpair=de|en&key={keys.Key}");
        var form = await service.FormAsync("/translate", $"langpair=de%7Cen&q=eins&key={keys.Key}");
        var wrong = await service.GetAsync("/translate?q=eins&markUnknown=no&langpair=de|en&key=x");

        Assert.Equal(models.TranslationOf("eins"), right.Text("responseData.translatedText"));
        Assert.Equal(right.Body, form.Body);
        Assert.Equal((HttpStatusCode.Forbidden, "error"), (wrong.Status, wrong.Text("status")));
    }

    [Fact]
    public async Task Language_names_are_listed()
    {
        Assert.Equal("""{"de":"German","en":"English"}""", (await Service.GetAsync("/listLanguageNames")).Body);
        Assert.Equal(
            """{"eng":"English"}""",
            (await Service.GetAsync("/listLanguageNames?locale=de&languages=eng")).Body
        );
    }

    private async Task<string> AskAsync(string address)
    {
        var where = new Uri(Service.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(where.Host, where.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {address} HTTP/1.1\r\nHost: {where.Authority}\r\nConnection: close\r\nUser-Agent: Java/17\r\n\r\n"
            ),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
