using System.Net;
using System.Text;

namespace TransformerClinic.Web.Tests.Api.LibreTranslate;

public class LibreTranslateApiTests(ServedModelFixture models)
{
    private const string Text = "Wählen Sie eine Datei aus.";

    private RunningService Service => models.Service;

    [Fact]
    public async Task A_text_is_translated_as_the_npm_client_translate_sends_it()
    {
        // translate 3.1.0, engine libre, without a key.
        var answer = await Service.JsonAsync(
            "/translate",
            $$"""{"q":{{Raw.Quoted(Text)}},"source":"de","target":"en"}"""
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal($$"""{"translatedText":{{Quoted(models.TranslationOf(Text))}}}""", answer.Body);
    }

    [Fact]
    public async Task A_text_is_translated_as_the_npm_client_libretranslate_sends_it()
    {
        // libretranslate 1.0.1: looks both languages up in the list first; its apiKey is nobody's.
        var languages = await Service.GetAsync("/languages");
        Assert.Equal(["de", "en"], languages.Json.AsArray().Select(language => (string?)language!["code"]));
        var answer = await Service.JsonAsync(
            "/translate",
            $$"""{"q":{{Raw.Quoted(Text)}},"source":"de","target":"en","format":"text","apiKey":""}"""
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("translatedText"));
    }

    [Fact]
    public async Task A_text_is_translated_as_Weblate_sends_it()
    {
        var answer = await Service.FormAsync(
            "/translate",
            $"api_key=&q={WebUtility.UrlEncode(Text)}&source=de&target=en"
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("translatedText"));
    }

    [Fact]
    public async Task A_text_in_the_address_is_translated()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/translate?q={Uri.EscapeDataString(Text)}&source=de&target=en"
        );

        Assert.Equal(models.TranslationOf(Text), (await Service.SendAsync(request)).Text("translatedText"));
    }

    [Fact]
    public async Task Arrays_are_answered_by_arrays_in_their_order()
    {
        string[] texts = ["Guten Morgen!", "", "eins zwei", "drei"];
        var quoted = string.Join(',', texts.Select(Raw.Quoted));
        var answer = await Service.JsonAsync(
            "/translate",
            $$"""{"q":[{{quoted}}],"source":"auto","target":"en","alternatives":1}"""
        );

        Assert.Equal(texts.Select(models.TranslationOf), answer.Texts("translatedText"));
        Assert.Equal(texts.Length, answer.Json["alternatives"]!.AsArray().Count);
        Assert.Equal("de", answer.Text("detectedLanguage.3.language"));
        Assert.Equal("[]", answer.Text("alternatives.1"));
        Assert.Single(answer.Json["alternatives"]![0]!.AsArray());
    }

    [Fact]
    public async Task Alternatives_differ_from_the_translation_and_from_each_other()
    {
        var answer = await Service.JsonAsync(
            "/translate",
            $$"""{"q":{{Raw.Quoted(Text)}},"source":"de","target":"en","alternatives":2}"""
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("translatedText"));
        var all = answer.Texts("alternatives").Append(answer.Text("translatedText")).ToList();
        Assert.Equal(3, all.Distinct().Count());
    }

    [Fact]
    public async Task Lines_stay_lines()
    {
        var answer = await Service.JsonAsync(
            "/translate",
            """{"q":"Guten Morgen!\r\n\r\neins zwei\n","source":"de","target":"en"}"""
        );

        Assert.Equal(
            models.TranslationOf("Guten Morgen!") + "\r\n\r\n" + models.TranslationOf("eins zwei") + "\n",
            answer.Text("translatedText")
        );
    }

    [Fact]
    public async Task Sentences_of_a_line_are_translated_one_by_one_and_a_segment_is_not()
    {
        const string Text = "Guten Morgen!  Möchten Sie das Dokument speichern?\neins\nzwei";
        var answer = await Service.JsonAsync(
            "/translate",
            $$"""{"q":{{Raw.Quoted(Text)}},"source":"de","target":"en"}"""
        );
        var deepL = await Service.FormAsync("/v2/translate", $"target_lang=EN&text={WebUtility.UrlEncode(Text)}");
        var segment = await Service.GetAsync(
            $"/MTRestService/Translate?input={Uri.EscapeDataString(Text)}&srcLangCode=de&trgLangCode=en"
        );
        string Translated(params string[] parts) =>
            string.Concat(parts.Select(part => string.IsNullOrWhiteSpace(part) ? part : models.TranslationOf(part)));

        Assert.Equal(
            Translated("Guten Morgen!", "  ", "Möchten Sie das Dokument speichern?", "\n", "eins", "\n", "zwei"),
            answer.Text("translatedText")
        );
        Assert.Equal(answer.Text("translatedText"), deepL.Text("translations.0.text"));
        Assert.Equal(
            Translated("Guten Morgen!  Möchten Sie das Dokument speichern?", "\n", "eins", "\n", "zwei"),
            segment.Json.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("""{"source":"de","target":"en"}""", "Invalid request: missing q parameter")]
    [InlineData("""{"q":"","source":"de","target":"en"}""", "Invalid request: missing q parameter")]
    [InlineData("""{"q":"a","target":"en"}""", "Invalid request: missing source parameter")]
    [InlineData("""{"q":"a","source":"de"}""", "Invalid request: missing target parameter")]
    [InlineData("""{"q":"a","source":"fr","target":"en"}""", "fr is not supported")]
    [InlineData("""{"q":"a","source":"de","target":"fr"}""", "fr is not supported")]
    [InlineData("""{"q":"hello","source":"en","target":"es","api_key":"k"}""", "es is not supported")]
    [InlineData("""{"q":"a","source":"de","target":"en","format":"pdf"}""", "pdf format is not supported")]
    [InlineData(
        """{"q":"a","source":"de","target":"en","alternatives":"many"}""",
        "Invalid request: alternatives parameter is not a number"
    )]
    [InlineData(
        """{"q":"a","source":"de","target":"en","alternatives":10}""",
        "Invalid request: alternatives parameter must be <= 9"
    )]
    public async Task Mistakes_are_told_in_the_words_that_clients_look_for(string json, string error)
    {
        var answer = await Service.JsonAsync("/translate", json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(error, answer.Text("error"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"q\"")]
    [InlineData("""{"q":"\ud800","source":"de","target":"en"}""")]
    [InlineData("""{"q":["\udc00"],"source":"de","target":"en"}""")]
    public async Task Bodies_that_are_not_such_JSON_are_refused_in_words(string json)
    {
        var answer = await Service.JsonAsync("/translate", json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("The request's body", answer.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused_in_words()
    {
        byte[] body = [.. "{\"q\":\""u8, 0xff, 0xfe, .. "\",\"source\":\"de\",\"target\":\"en\"}"u8];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/translate")
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
        };

        var answer = await Service.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("The request's body", answer.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_are_told_in_the_words_that_Dialect_looks_for()
    {
        var many = string.Join(',', Enumerable.Repeat("\"a\"", 51));
        var texts = await Service.JsonAsync("/translate", $$"""{"q":[{{many}}],"source":"de","target":"en"}""");
        var characters = await Service.JsonAsync(
            "/translate",
            $$"""{"q":"{{new string('a', 5001)}}","source":"de","target":"en"}"""
        );

        Assert.Equal("Invalid request: request (51) exceeds text limit (50)", texts.Text("error"));
        Assert.Equal("Invalid request: request (5001) exceeds character limit (5000)", characters.Text("error"));
    }

    [Fact]
    public async Task A_key_in_the_body_is_a_key()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });
        string Request(string key) =>
            $$"""{"q":{{Raw.Quoted(Text)}},"source":"de","target":"en","api_key":"{{key}}"}""";

        var right = await service.JsonAsync("/translate", Request(keys.Key));
        var form = await service.FormAsync(
            "/translate",
            $"api_key={keys.Key}&q={WebUtility.UrlEncode(Text)}&source=de&target=en"
        );
        var wrong = await service.JsonAsync("/translate", Request("wrong"));
        var none = await service.JsonAsync("/translate", Request(""));

        Assert.Equal(models.TranslationOf(Text), right.Text("translatedText"));
        Assert.Equal(right.Body, form.Body);
        Assert.Equal((HttpStatusCode.Forbidden, "Invalid API key"), (wrong.Status, wrong.Text("error")));
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);
        Assert.Equal("Please contact the server operator to obtain an API key", none.Text("error"));
    }

    [Fact]
    public async Task Who_has_no_key_yet_learns_what_he_needs_one_for()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });

        Assert.Equal("LibreTranslate", (await service.GetAsync("/spec")).Text("info.title"));
        Assert.Equal("en", (await service.GetAsync("/languages")).Text("0.targets.0"));
        var settings = await service.GetAsync("/frontend/settings");
        Assert.Equal(("true", "true"), (settings.Text("apiKeys"), settings.Text("keyRequired")));
        Assert.Equal("""{"status":"ok"}""", (await service.GetAsync("/health")).Body);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.JsonAsync("/detect", """{"q":"a"}""")).Status);
    }

    [Fact]
    public async Task Dialect_finds_what_it_reads_in_the_settings()
    {
        var settings = await Service.GetAsync("/frontend/settings");

        Assert.Equal("false", settings.Text("suggestions"));
        Assert.Equal("false", settings.Text("apiKeys"));
        Assert.Equal("false", settings.Text("keyRequired"));
        Assert.Equal("5000", settings.Text("charLimit"));
        Assert.Equal("German", settings.Text("language.source.name"));
    }

    [Fact]
    public async Task A_language_is_detected_with_the_confidence_in_percent()
    {
        var german = await Service.FormAsync("/detect", "q=Guten+Morgen%2C+wie+geht+es+Ihnen+heute%3F");
        var english = await Service.FormAsync("/detect", "q=Good+morning%2C+how+are+you+this+morning%3F");
        var auto = await Service.JsonAsync(
            "/translate",
            """{"q":"Guten Morgen, wie geht es Ihnen heute?","source":"auto","target":"en"}"""
        );

        Assert.Equal("de", german.Text("0.language"));
        Assert.InRange(german.Json[0]!["confidence"]!.GetValue<double>(), 50, 100);
        Assert.Equal("""[{"confidence":0,"language":"de"}]""", english.Body);
        Assert.Equal(german.Text("0.confidence"), auto.Text("detectedLanguage.confidence"));
    }

    [Fact]
    public async Task The_detected_language_decides_the_model()
    {
        using var folder = new TemporaryFolder();
        TinyModels.Write(folder.PathOf("a"), "de", "en");
        TinyModels.Write(folder.PathOf("b"), "fr", "en", seed: 2);
        await using var service = await models.StartAsync(options => options with { Models = folder.FullName });
        async Task<Answer> Ask(string text) =>
            await service.JsonAsync("/translate", $$"""{"q":{{Raw.Quoted(text)}},"source":"auto","target":"en"}""");

        var french = await Ask("Bonjour, comment allez-vous aujourd'hui ?");
        var deepL = await service.FormAsync("/v2/translate", "target_lang=EN&text=Bonjour%2C+comment+allez-vous+%3F");
        var none = await Ask("1234");

        Assert.Equal("fr", french.Text("detectedLanguage.language"));
        Assert.Equal("FR", deepL.Text("translations.0.detected_source_language"));
        Assert.Equal(
            "auto is not supported for this text, whose language cannot be told. Choose one: de, fr.",
            none.Text("error")
        );
    }

    [Fact]
    public async Task Suggestions_are_refused_in_words()
    {
        var answer = await Service.JsonAsync("/suggest", """{"q":"a","s":"b","source":"de","target":"en"}""");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.StartsWith("Suggestions are disabled on this server", answer.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_minute_is_told_in_its_shape()
    {
        await using var service = await models.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { RequestsPerMinute = 1 },
            }
        );
        const string Json = """{"q":"eins","source":"de","target":"en"}""";

        Assert.Equal(HttpStatusCode.OK, (await service.JsonAsync("/translate", Json)).Status);
        var second = await service.JsonAsync("/translate", Json);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.Status);
        Assert.NotNull(second.RetryAfter);
        Assert.NotNull(second.Text("error"));
    }

    [Fact]
    public async Task A_language_pair_that_no_model_translates_is_told_with_its_names()
    {
        using var folder = new TemporaryFolder();
        TinyModels.Write(folder.PathOf("a"), "de", "en");
        TinyModels.Write(folder.PathOf("b"), "fr", "it", seed: 2);
        await using var service = await models.StartAsync(options => options with { Models = folder.FullName });

        var pair = await service.JsonAsync("/translate", """{"q":"a","source":"de","target":"it"}""");
        var auto = await service.JsonAsync("/translate", """{"q":"a","source":"auto","target":"it"}""");

        Assert.Equal("Italian (it) is not available as a target language from German (de)", pair.Text("error"));
        Assert.Equal("fr", auto.Text("detectedLanguage.language"));
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' ? $"\\{c}" : c.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
