using System.Net;

namespace TransformerClinic.Web.Tests.Api.DeepL;

public class DeepLApiTests(ServedModelFixture models)
{
    private const string Text = "Wählen Sie eine Datei aus.";

    private RunningService Service => models.Service;

    [Fact]
    public async Task Texts_are_translated_as_deepl_node_sends_them()
    {
        // deepl-node 1.28.0, translateText(["..", ".."], null, "en-US").
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/translate")
        {
            Headers = { { "Authorization", "DeepL-Auth-Key any" } },
            Content = Form(
                $"target_lang=en-US&show_billed_characters=1&text={WebUtility.UrlEncode(Text)}&text=eins+zwei"
            ),
        };
        var answer = await Service.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(models.TranslationOf(Text), answer.Text("translations.0.text"));
        Assert.Equal(models.TranslationOf("eins zwei"), answer.Text("translations.1.text"));
        Assert.Equal("DE", answer.Text("translations.0.detected_source_language"));
        Assert.Equal($"{Text.Length}", answer.Text("translations.0.billed_characters"));
    }

    [Fact]
    public async Task Texts_are_translated_as_the_Python_library_sends_them()
    {
        var answer = await Service.JsonAsync(
            "/v2/translate",
            $$"""{"target_lang":"EN-GB","source_lang":"DE","text":[{{Raw.Quoted(Text)}}],"split_sentences":"1"}"""
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("translations.0.text"));
        Assert.Null(answer.Text("translations.0.billed_characters"));
    }

    [Fact]
    public async Task What_has_no_effect_is_accepted()
    {
        var answer = await Service.FormAsync(
            "/v2/translate",
            $"source_lang=de&target_lang=en-US&formality=more&preserve_formatting=1&context=Hallo&outline_detection=0"
                + $"&model_type=quality_optimized&split_sentences=0&text={WebUtility.UrlEncode(Text)}"
        );

        Assert.Equal(models.TranslationOf(Text), answer.Text("translations.0.text"));
    }

    [Theory]
    [InlineData("source_lang=de&target_lang=en-US", "Parameter 'text' not specified.")]
    [InlineData("text=a&source_lang=de", "Value for 'target_lang' not supported: it is missing. Allowed: EN.")]
    [InlineData("text=a&target_lang=FR", "Value for 'target_lang' not supported: FR. Allowed: EN.")]
    [InlineData("text=a&target_lang=EN&source_lang=FR", "Value for 'source_lang' not supported: FR. Allowed: DE.")]
    [InlineData(
        "text=a&target_lang=EN&split_sentences=2",
        "Value for 'split_sentences' not supported: 2. Allowed: 0, 1, nonewlines."
    )]
    [InlineData(
        "text=a&target_lang=EN&glossary_id=g",
        "glossary_id is set, but this service has no glossaries; POST /v1/translate takes required and banned words."
    )]
    [InlineData(
        "text=a&target_lang=EN&style_id=s",
        "style_id is set, but this service has no style rules; train or fine-tune the model on texts of that style."
    )]
    public async Task Mistakes_are_told_in_words(string form, string message)
    {
        var answer = await Service.FormAsync("/v2/translate", form);

        Assert.Equal((HttpStatusCode.BadRequest, message), (answer.Status, answer.Text("message")));
    }

    [Fact]
    public async Task Too_much_at_once_is_413()
    {
        var many = await Service.FormAsync(
            "/v2/translate",
            "target_lang=EN" + string.Concat(Enumerable.Repeat("&text=a", 51))
        );
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "/v2/translate")
        {
            Content = Form("target_lang=EN&text=" + new string('a', 2 << 20)),
        };
        tooLarge.Headers.ExpectContinue = true;
        var large = await Service.SendAsync(tooLarge);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.NotNull(many.Text("message"));
        Assert.NotNull(large.Text("message"));
    }

    [Fact]
    public async Task A_wrong_key_and_none_are_403()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/v2/usage")
        {
            Headers = { { "Authorization", "DeepL-Auth-Key x" } },
        };
        using var right = new HttpRequestMessage(HttpMethod.Get, "/v2/usage")
        {
            Headers = { { "Authorization", $"DeepL-Auth-Key {keys.Key}" } },
        };

        Assert.Equal(HttpStatusCode.Forbidden, (await service.SendAsync(wrong)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.GetAsync("/v2/languages")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(right)).Status);

        // The npm client translate 3.1.0, engine deepl.
        var address = $"/v2/translate?auth_key={keys.Key}&source_lang=de&target_lang=en&text=eins";
        using var other = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("") };
        Assert.Equal(models.TranslationOf("eins"), (await service.SendAsync(other)).Text("translations.0.text"));
    }

    [Fact]
    public async Task Too_many_requests_are_429_with_the_time_to_wait()
    {
        await using var service = await models.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { RequestsPerMinute = 1 },
            }
        );

        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/v2/usage")).Status);
        var second = await service.GetAsync("/v2/usage");

        Assert.Equal(HttpStatusCode.TooManyRequests, second.Status);
        Assert.NotNull(second.RetryAfter);
        Assert.NotNull(second.Text("message"));
    }

    [Fact]
    public async Task Languages_are_listed_with_the_regions_that_clients_ask_for()
    {
        Assert.Equal("""[{"language":"DE","name":"German"}]""", (await Service.GetAsync("/v2/languages")).Body);
        var targets = await Service.GetAsync("/v2/languages?type=target");
        Assert.Equal(["EN", "EN-GB", "EN-US"], targets.Json.AsArray().Select(target => (string?)target!["language"]));
        Assert.Equal("false", targets.Text("0.supports_formality"));
    }

    [Fact]
    public async Task Usage_counts_characters_and_has_no_limit_that_anybody_reaches()
    {
        await using var service = await models.StartAsync();
        await service.FormAsync("/v2/translate", "target_lang=EN&text=eins&text=zwei+drei");

        var usage = await service.GetAsync("/v2/usage");

        Assert.Equal(("13", "1000000000000"), (usage.Text("character_count"), usage.Text("character_limit")));
    }

    [Fact]
    public async Task There_are_no_glossaries()
    {
        Assert.Equal("""{"glossaries":[]}""", (await Service.GetAsync("/v2/glossaries")).Body);
        Assert.Equal("""{"glossaries":[]}""", (await Service.GetAsync("/v3/glossaries")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await Service.GetAsync("/v2/glossaries/4711")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Service.FormAsync("/v2/glossaries", "name=n")).Status);
    }

    private static StringContent Form(string form) =>
        new(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
}
