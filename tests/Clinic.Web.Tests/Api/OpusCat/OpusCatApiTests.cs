using System.Net;
using System.Text.Json.Nodes;

namespace TransformerClinic.Web.Tests.Api.OpusCat;

public class OpusCatApiTests(ServedModelFixture models)
{
    private const string Text = "Möchten Sie das Dokument speichern?";

    private RunningService Service => models.Service;

    [Fact]
    public async Task A_segment_is_translated_as_the_memoQ_plugin_asks_for_it()
    {
        // Languages of three letters, a tag of two quotes, the text encoded with + for spaces.
        var answer = await Service.GetAsync(
            $"/MtRestService/TranslateJson?tokenCode=0&input={WebUtility.UrlEncode(Text)}&srcLangCode=ger"
                + "&trgLangCode=eng-US&modelTag=\"\""
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(models.TranslationOf(Text), answer.Text("translation"));
        Assert.Equal(models.TranslationOf(Text), answer.Text("Translation"));
    }

    [Fact]
    public async Task A_segment_is_translated_as_the_Trados_plugin_asks_for_it()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/MtRestService/TranslateJson?tokenCode=0&input={Uri.EscapeDataString(Text)}&srcLangCode=de"
                + "&trgLangCode=en&modelTag=tiny"
        )
        {
            // RestSharp adds the content type to GET, too.
            Content = new ByteArrayContent([]) { Headers = { { "Content-Type", "application/json" } } },
        };

        Assert.Equal(models.TranslationOf(Text), (await Service.SendAsync(request)).Text("translation"));
    }

    [Fact]
    public async Task A_segment_is_translated_as_the_OmegaT_plugin_and_the_browsers_ask_for_it()
    {
        var omegaT = await Service.GetAsync(
            $"/MTRestService/TranslateJson?input={WebUtility.UrlEncode(Text)}&modelTag=&srcLangCode=de&tokenCode=0"
                + "&trgLangCode=en"
        );
        var chrome = await Service.GetAsync(
            $"/MTRestService/TranslateJson?tokenCode=0&input={WebUtility.UrlEncode(Text)}&modelTag="
        );

        Assert.Equal(models.TranslationOf(Text), omegaT.Text("translation"));
        Assert.Equal(models.TranslationOf(Text), chrome.Text("translation"));
    }

    [Fact]
    public async Task An_extension_of_a_browser_may_read_the_answer_if_its_origin_is_allowed()
    {
        const string Extension = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
        await using var service = await models.StartAsync(options => options with { Origin = Extension });
        async Task<(HttpStatusCode, string?)> AskAsync(string origin, HttpMethod method)
        {
            using var request = new HttpRequestMessage(method, "/MTRestService/TranslateJson?tokenCode=0&input=eins");
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "GET");
            using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return (
                response.StatusCode,
                response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null
            );
        }

        Assert.Equal((HttpStatusCode.OK, Extension), await AskAsync(Extension, HttpMethod.Get));
        Assert.Equal((HttpStatusCode.NoContent, Extension), await AskAsync(Extension, HttpMethod.Options));
        Assert.Equal((HttpStatusCode.Forbidden, null), await AskAsync("https://evil.example", HttpMethod.Get));
        Assert.Equal((HttpStatusCode.NoContent, null), await AskAsync("https://evil.example", HttpMethod.Options));
    }

    [Fact]
    public async Task A_segment_is_translated_as_Wordfast_posts_it()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/MTRestService/TranslatePost?tokenCode=0&input={Uri.EscapeDataString(Text)}&srcLangCode=de&trgLangCode=en"
        );

        Assert.Equal(models.TranslationOf(Text), (await Service.SendAsync(request)).Text("translation"));
    }

    [Theory]
    [InlineData("/mtrestservice/translate")]
    [InlineData("/MTRESTSERVICE/TRANSLATE")]
    [InlineData("/MTRestService/TranslateParagraphJson")]
    public async Task The_case_of_an_address_does_not_matter(string address) =>
        Assert.Equal(
            models.TranslationOf("eins"),
            (
                await Service.GetAsync($"{address}?tokenCode=0&input=eins&srcLangCode=de&trgLangCode=en")
            ).Json.GetValue<string>()
        );

    [Fact]
    public async Task A_stream_is_the_text_itself() =>
        Assert.Equal(
            models.TranslationOf("eins"),
            (await Service.GetAsync("/MTRestService/TranslateStream?input=eins&srcLangCode=de&trgLangCode=en")).Body
        );

    [Fact]
    public async Task The_words_of_the_answer_are_the_translation_again_as_the_tag_restorers_put_it_together()
    {
        foreach (var text in (string[])[Text, "eins", "Guten Morgen, die Welt ist schön"])
        {
            var answer = await Service.GetAsync(
                $"/MTRestService/TranslateJson?input={Uri.EscapeDataString(text)}&srcLangCode=de&trgLangCode=en"
            );
            var words = answer.Texts("SegmentedTranslation").ToList();
            var source = answer.Texts("SegmentedSourceSentence").ToList();
            var joined = string.Concat(words).Replace('\u2581', ' ').TrimStart(' ');

            Assert.Equal(answer.Text("translation"), joined);
            Assert.Equal(text, string.Concat(source).Replace('\u2581', ' ').TrimStart(' '));
            Assert.Equal("1", answer.Text("Segmentation"));
            var forth = Pairs(answer.Json["SegmentedAlignmentSourceToTarget"]!, swap: false);
            Assert.Equal(forth, Pairs(answer.Json["SegmentedAlignmentTargetToSource"]!, swap: true));
            Assert.Equal(
                forth,
                answer
                    .Text("AlignmentString")!
                    .Split(' ')
                    .Select(pair => pair.Split('-'))
                    .Select(pair => (Number(pair[0]), Number(pair[1])))
                    .ToHashSet()
            );
            Assert.Equal(words.Count, forth.Count);
            Assert.All(forth, pair => Assert.InRange(pair.Item1, 0, source.Count - 1));
        }
    }

    [Fact]
    public async Task Lines_of_a_text_are_counted_on()
    {
        var answer = await Service.GetAsync(
            "/MTRestService/TranslateJson?input=Guten%20Morgen%0Aeins%20zwei&srcLangCode=de&trgLangCode=en"
        );
        var first = models.TranslationOf("Guten Morgen");

        Assert.Equal($"{first}\n{models.TranslationOf("eins zwei")}", answer.Text("translation"));
        var words = first.Split(' ').Length;
        var forth = Pairs(answer.Json["SegmentedAlignmentSourceToTarget"]!, swap: false);
        Assert.All(forth, pair => Assert.Equal(pair.Item2 < words, pair.Item1 < 2));
    }

    [Fact]
    public async Task Plugins_find_the_pairs_the_tags_and_the_status()
    {
        var pairs = await Service.GetAsync("/MtRestService/ListSupportedLanguagePairs?tokenCode=0");
        var tags = await Service.GetAsync(
            "/MtRestService/GetLanguagePairModelTags?tokenCode=0&srcLangCode=de&trgLangCode=en"
        );
        var noTags = await Service.GetAsync(
            "/MtRestService/GetLanguagePairModelTags?tokenCode=0&srcLangCode=en&trgLangCode=de"
        );

        Assert.Equal("""["de-en"]""", pairs.Body);
        Assert.Equal("""["tiny"]""", tags.Body);
        Assert.Equal("[]", noTags.Body);
    }

    [Theory]
    [InlineData("de", "en", "", "Model tiny for de-en will be used.")]
    [InlineData("de", "en", "tiny", "Model with tag tiny for de-en is available.")]
    [InlineData("de", "en", "gone", "No model with tag gone for de-en. Model tiny will be used.")]
    [InlineData("en", "de", "", "No model available for en-de. Put one into the folder that is served.")]
    public async Task The_status_of_a_model_is_a_sentence(string source, string target, string tag, string status)
    {
        var answer = await Service.GetAsync(
            $"/MtRestService/CheckModelStatus?tokenCode=0&srcLangCode={source}&trgLangCode={target}&modelTag={tag}"
        );

        Assert.Equal(status, answer.Json.GetValue<string>());
    }

    [Fact]
    public async Task A_tag_chooses_among_the_models_of_a_pair()
    {
        using var folder = new TemporaryFolder();
        TinyModels.Write(folder.PathOf("a"));
        TinyModels.Write(folder.PathOf("b"), seed: 7);
        await using var service = await models.StartAsync(options => options with { Models = folder.FullName });
        async Task<string?> Ask(string tag) =>
            (
                await service.GetAsync(
                    $"/MTRestService/TranslateJson?input=eins&srcLangCode=de&trgLangCode=en&modelTag={tag}"
                )
            ).Text("translation");

        Assert.Equal(models.TranslationOf("eins"), await Ask("a"));
        Assert.Equal(models.TranslationOf("eins"), await Ask("unknown"));
        Assert.NotEqual(models.TranslationOf("eins"), await Ask("b"));
    }

    [Fact]
    public async Task A_batch_may_be_announced()
    {
        const string Address = "/MtRestService/PreOrderBatch?tokenCode=0&srcLangCode=de&trgLangCode=en&modelTag=";

        Assert.Equal(HttpStatusCode.OK, (await Service.JsonAsync(Address, """["eins","zwei"]""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Service.JsonAsync(Address, "[]")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Service.JsonAsync(Address, "{")).Status);
    }

    [Fact]
    public async Task Nothing_is_trained_over_the_network()
    {
        var answer = await Service.JsonAsync(
            "/MtRestService/Customize?tokenCode=0&srcLangCode=de&trgLangCode=en&modelTag=mine",
            """{"Input":[],"Validation":[],"UniqueNewSegments":[]}"""
        );

        Assert.Equal(HttpStatusCode.NotImplemented, answer.Status);
        Assert.StartsWith("This service does not train", answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_without_a_model_is_404_in_words()
    {
        var answer = await Service.GetAsync("/MTRestService/TranslateJson?input=a&srcLangCode=en&trgLangCode=de");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.StartsWith("No model available for en-de", answer.Text("message"), StringComparison.Ordinal);
    }

    private static HashSet<(int, int)> Pairs(JsonNode alignment, bool swap) =>
        alignment
            .AsObject()
            .SelectMany(entry => entry.Value!.AsArray().Select(to => (Number(entry.Key), to!.GetValue<int>())))
            .Select(pair => swap ? (pair.Item2, pair.Item1) : pair)
            .ToHashSet();

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
