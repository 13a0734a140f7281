using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransformerClinic.Documents.Segments.Placeholders;

namespace TransformerClinic.Web.Tests.Api;

public class OwnApiTests(ServedModelFixture fixture)
{
    private static readonly string[] Texts = ["Wählen Sie eine Datei aus.", "", "Guten Morgen"];

    private HttpClient Client => fixture.Service.Client;

    [Fact]
    public async Task A_text_and_an_array_get_the_command_s_translations()
    {
        var one = await Translate(new { text = Texts[0] });
        var three = await Translate(new { text = Texts });

        Assert.Equal(fixture.TranslationOf(Texts[0]), (string?)one["translations"]![0]!["text"]);
        Assert.Equal(
            Texts.Select(fixture.TranslationOf),
            three["translations"]!.AsArray().Select(text => (string?)text!["text"])
        );
        Assert.Equal("tiny", (string?)one["model"]);
        Assert.Equal("de", (string?)one["source"]);
        Assert.Equal("en", (string?)one["target"]);
    }

    [Fact]
    public async Task Sentences_of_a_text_are_translated_each_and_white_space_stays()
    {
        var answer = await Translate(new { text = " Guten Morgen!  Die Welt ist schön.\n\nDatei" });

        var text = answer["translations"]![0]!;
        Assert.Equal(
            $" {fixture.TranslationOf("Guten Morgen!")}  {fixture.TranslationOf("Die Welt ist schön.")}\n\n"
                + fixture.TranslationOf("Datei"),
            (string?)text["text"]
        );
        Assert.Equal(
            ["Guten Morgen!", "Die Welt ist schön.", "Datei"],
            text["sentences"]!.AsArray().Select(sentence => (string?)sentence!["source"])
        );
    }

    [Fact]
    public async Task A_sentence_that_is_too_long_for_the_model_is_split()
    {
        var answer = await Translate(new { text = string.Join(' ', Enumerable.Repeat("eins zwei drei", 300)) });

        var sentences = answer["translations"]![0]!["sentences"]!.AsArray();
        Assert.True(sentences.Count > 1);
        Assert.All(sentences, sentence => Assert.Null(sentence!["problem"]));
    }

    [Theory]
    [InlineData("Datei {0} und %s, Welt")]
    [InlineData("Guten Morgen https://example.org/a?b=c schön")]
    public async Task Placeholders_of_a_sentence_come_through_once_each_and_lines_are_the_command_s(string text)
    {
        Assert.False(PlaceholderCounts.Same(text, fixture.TranslationOf(text)), "the model copies them anyway");

        var sentence = (await Translate(new { text }))["translations"]![0]!;
        var line = (await Translate(new { text, split = "lines" }))["translations"]![0]!;

        Assert.True(PlaceholderCounts.Same(text, (string)sentence["text"]!), (string)sentence["text"]!);
        Assert.True((bool)sentence["sentences"]![0]!["aroundPlaceholders"]!);
        Assert.Equal(fixture.TranslationOf(text), (string?)line["text"]);
        Assert.Null(line["sentences"]![0]!["aroundPlaceholders"]);
    }

    [Fact]
    public async Task Lines_of_a_text_are_translated_each_and_what_is_between_them_stays()
    {
        var answer = await Translate(new { text = "Datei\r\n\r\n\tWelt\n", split = "lines" });

        Assert.Equal(
            $"{fixture.TranslationOf("Datei")}\r\n\r\n{fixture.TranslationOf("\tWelt")}\n",
            (string?)answer["translations"]![0]!["text"]
        );
    }

    [Fact]
    public async Task Alternatives_scores_and_alignment_are_those_of_the_search()
    {
        var answer = await Translate(
            new
            {
                text = "eins zwei",
                alternatives = 3,
                scores = true,
                alignment = true,
            }
        );

        var alternatives = answer["translations"]![0]!["sentences"]![0]!["alternatives"]!.AsArray();
        Assert.Equal(3, alternatives.Count);
        Assert.Equal(fixture.TranslationOf("eins zwei"), (string?)alternatives[0]!["text"]);
        Assert.All(
            alternatives,
            one =>
            {
                var logarithms = one!["subwords"]!.AsArray().Select(piece => (double)piece!["logProbability"]!);
                Assert.Equal((double)one["score"]!, logarithms.Average(), 1e-4);
                Assert.Matches("^[0-9]+-[0-9]+( [0-9]+-[0-9]+)*$", (string?)one["alignment"]);
            }
        );
    }

    [Fact]
    public async Task Banned_words_are_not_in_the_translation()
    {
        var usual = fixture.TranslationOf("eins zwei drei");
        var word = usual.Split(' ').First(part => part.Length > 1);

        var answer = await Translate(new { text = "eins zwei drei", ban = new[] { word } });

        Assert.DoesNotContain(word, ((string)answer["translations"]![0]!["text"]!).Split(' '));
    }

    [Fact]
    public async Task Sentences_arrive_one_by_one_as_lines_of_json()
    {
        using var response = await Send(new { text = Texts, split = "lines" }, "application/x-ndjson");

        var lines = (await Body(response)).TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(3, lines.Count);
        Assert.Equal([0, 2], lines[..2].Select(line => (int)line["text"]!));
        Assert.Equal(fixture.TranslationOf(Texts[2]), (string?)lines[1]["sentence"]!["translation"]);
        Assert.Equal(2, (int)lines[2]["sentences"]!);
    }

    [Fact]
    public async Task Sentences_arrive_one_by_one_as_events()
    {
        using var response = await Send(new { text = Texts, split = "lines" }, "text/event-stream");

        var events = (await Body(response)).TrimEnd('\n').Split("\n\n");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(3, events.Length);
        Assert.StartsWith("event: sentence\ndata: {\"text\":0,", events[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "event: done\ndata: {\"model\":\"tiny\",\"sentences\":2}",
            events[2],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"text": "a", "beem": 3}""", 400, "beem")]
    [InlineData("""{"text": 3}""", 400, "text is a string or an array of strings")]
    [InlineData("""{"text": "a", "beam": 11}""", 400, "1 to 10")]
    [InlineData("""{"text": "a", "beam": 0}""", 400, "1 to 10")]
    [InlineData("""{"text": "a", "alternatives": 9}""", 400, "a beam of 3 finds 1 to 3")]
    [InlineData("""{"text": "a", "lengthPenalty": -1}""", 400, "lengthPenalty")]
    [InlineData("""{"text": "a", "model": "other"}""", 404, "GET /v1/models")]
    [InlineData("""{"text": "a", "target": "fr"}""", 404, "target fr")]
    [InlineData("""{"text":""", 400, "JSON")]
    [InlineData("{}", 400, "text")]
    public async Task What_is_wrong_is_said_as_a_problem(string body, int status, string words)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(new Uri("/v1/translate", UriKind.Relative), content, Stop);

        var problem = JsonNode.Parse(await Body(response))!;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Contains(words, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.NotNull(problem["requestId"]);
    }

    [Fact]
    public async Task Too_many_and_too_long_texts_are_refused_before_any_work()
    {
        foreach (var text in new[] { Enumerable.Repeat("a", 51).ToArray(), [new string('a', 5001)] })
        {
            using var response = await Send(new { text }, "application/json");
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_models_are_listed()
    {
        var models = await Client.GetFromJsonAsync<JsonNode>(new Uri("/v1/models", UriKind.Relative), Stop);

        var model = Assert.Single(models!["models"]!.AsArray())!;
        Assert.Equal("tiny", (string?)model["name"]);
        Assert.Equal("de", (string?)model["source"]);
        Assert.Equal(2, (int)model["encoderLayers"]!);
        Assert.Equal(64, ((string)model["weightsHash"]!).Length);
    }

    [Fact]
    public async Task The_interface_s_description_is_the_one_in_the_documentation()
    {
        var served = JsonNode.Parse(await Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Stop))!;
        served.AsObject().Remove("servers");
        var path = RepositoryRoot.PathOf("docs", "openapi.json");
        var text = served.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("CLINIC_UPDATE_OPENAPI") is not null)
        {
            await File.WriteAllTextAsync(path, text, Stop);
        }

        Assert.Equal(await File.ReadAllTextAsync(path, Stop), text);
    }

    private static JsonSerializerOptions Indented { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonNode> Translate(object request)
    {
        using var response = await Send(request, "application/json");
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(await Body(response))!
            : throw new InvalidOperationException(await Body(response));
    }

    private async Task<HttpResponseMessage> Send(object body, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/translate")
        {
            Content = JsonContent.Create(body),
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue(accept) } },
        };
        return await Client.SendAsync(request, Stop);
    }

    private static Task<string> Body(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Stop);
}
