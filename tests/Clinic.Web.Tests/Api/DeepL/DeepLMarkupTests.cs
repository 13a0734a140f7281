using System.Net;
using System.Text.RegularExpressions;

namespace TransformerClinic.Web.Tests.Api.DeepL;

public partial class DeepLMarkupTests(ServedModelFixture models)
{
    private RunningService Service => models.Service;

    [Theory]
    [InlineData("Guten Morgen!")]
    [InlineData("<g id=\"1\">Guten Morgen!</g>")]
    [InlineData("  <x:g id=\"1\"/>Guten Morgen! <bpt/>")]
    [InlineData("<?xml version=\"1.0\"?><a>Guten Morgen!</a>")]
    public async Task XML_around_a_sentence_stays_as_it_is(string xml)
    {
        var answer = await TranslateAsync("xml", xml);

        Assert.Equal(
            xml.Replace("Guten Morgen!", models.TranslationOf("Guten Morgen!"), StringComparison.Ordinal),
            WebUtility.HtmlDecode(answer.Text("translations.0.text"))
        );
    }

    [Theory]
    [InlineData("Wählen <g id=\"1\">Sie <ph/> eine</g> Datei <b>aus</b>. Guten &amp; schönen Morgen!")]
    [InlineData("eins <a><b>zwei</b> drei</a> vier <!-- Anmerkung --> fünf")]
    public async Task Every_tag_comes_through_once(string xml)
    {
        var answer = await TranslateAsync("xml", xml);
        var text = answer.Text("translations.0.text")!;

        Assert.Equal(
            Tags().Matches(xml).Select(tag => tag.Value).Order(),
            Tags().Matches(text).Select(tag => tag.Value).Order()
        );
        Assert.Equal(["a", "b", "g"], new[] { "a", "b", "g" }.Where(name => IsWellNested(text, name)));
    }

    [Fact]
    public async Task What_is_in_an_ignored_tag_is_not_translated()
    {
        const string Xml = "Guten <keep>Morgen <b>Welt</b></keep> schön";
        var form = await Service.FormAsync(
            "/v2/translate",
            $"target_lang=EN&tag_handling=xml&ignore_tags=x,keep&text={WebUtility.UrlEncode(Xml)}"
        );
        var json = await Service.JsonAsync(
            "/v2/translate",
            $$"""{"target_lang":"EN","tag_handling":"xml","ignore_tags":["x","keep"],"text":[{{Raw.Quoted(Xml)}}]}"""
        );

        Assert.Contains("<keep>Morgen <b>Welt</b></keep>", form.Text("translations.0.text"), StringComparison.Ordinal);
        Assert.Equal(form.Text("translations.0.text"), json.Text("translations.0.text"));
    }

    [Fact]
    public async Task HTML_is_translated_block_by_block()
    {
        var answer = await TranslateAsync("html", "<h1>Guten Morgen!</h1>\n<p>eins zwei<p translate=\"no\">drei");

        Assert.Equal(
            $"<h1>{models.TranslationOf("Guten Morgen!")}</h1>\n"
                + $"<p>{models.TranslationOf("eins zwei")}<p translate=\"no\">drei",
            WebUtility.HtmlDecode(answer.Text("translations.0.text"))
        );
    }

    [Theory]
    [InlineData("xml", "a <b>c", "the text: ")]
    [InlineData("xml", "a &nbsp; b", "the text: ")]
    [InlineData("xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "the text: ")]
    [InlineData("yaml", "a", "Value for 'tag_handling' not supported: yaml.")]
    public async Task Damaged_markup_is_refused_in_words(string handling, string text, string message)
    {
        var answer = await TranslateAsync(handling, text);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(message, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LibreTranslates_HTML_is_the_same()
    {
        var answer = await Service.JsonAsync(
            "/translate",
            """{"q":["<p>eins</p>",""],"source":"de","target":"en","format":"html","alternatives":2}"""
        );

        Assert.Equal($"<p>{models.TranslationOf("eins")}</p>", WebUtility.HtmlDecode(answer.Text("translatedText.0")));
        Assert.Equal("", answer.Text("translatedText.1"));
        Assert.Equal("[[],[]]", answer.Text("alternatives"));
    }

    private Task<Answer> TranslateAsync(string handling, string text) =>
        Service.FormAsync(
            "/v2/translate",
            $"source_lang=DE&target_lang=EN&tag_handling={handling}&text={WebUtility.UrlEncode(text)}"
        );

    private static bool IsWellNested(string text, string name)
    {
        var depth = 0;
        foreach (Match tag in Tags().Matches(text))
        {
            depth +=
                tag.Value.StartsWith($"</{name}", StringComparison.Ordinal) ? -1
                : tag.Value.StartsWith($"<{name}", StringComparison.Ordinal) ? 1
                : 0;
            if (depth < 0)
            {
                return false;
            }
        }

        return depth == 0;
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
