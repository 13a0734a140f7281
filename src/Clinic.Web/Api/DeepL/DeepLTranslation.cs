using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary><c>POST /v2/translate</c>.</summary>
internal sealed class DeepLTranslation(
    DeepLLanguages codes,
    ServedLanguages languages,
    TextTranslator translator,
    MarkupTexts markup,
    DeepLUsage usage,
    ServeOptions options
)
{
    /// <summary>Answers a request.</summary>
    public async Task<IResult> AnswerAsync(RequestFields fields, CancellationToken stop)
    {
        var texts = fields.All("text");
        if (texts.Count == 0)
        {
            throw Refusal.Invalid("Parameter 'text' not specified.");
        }

        TextLimits.Check(texts, options.Limits);
        DeepLRefusals.Check(fields);
        var pair = codes.PairOf(fields, texts);
        using var lease = languages.Lease(pair) ?? throw NotServed(pair);
        var translations = await TranslateAsync(fields, lease.Model, texts, stop);
        usage.Add(texts.Sum(text => (long)text.Length));
        var counted = fields.One("show_billed_characters") is "1" or "true";
        return AdapterJson.Of(
            new { translations = texts.Zip(translations, (text, result) => Translation(text, result, pair, counted)) }
        );
    }

    private static Dictionary<string, object> Translation(string text, string result, ServedPair pair, bool counted)
    {
        var translation = new Dictionary<string, object>
        {
            ["detected_source_language"] = DeepLLanguages.Code(pair.Source),
            ["text"] = result,
        };
        if (counted)
        {
            translation["billed_characters"] = text.Length;
        }

        return translation;
    }

    private async Task<IReadOnlyList<string>> TranslateAsync(
        RequestFields fields,
        ServedModel model,
        IReadOnlyList<string> texts,
        CancellationToken stop
    )
    {
        var split = SplitOf(fields.One("split_sentences"));
        switch (fields.One("tag_handling"))
        {
            case null:
                var results = await translator.TranslateAsync(
                    new TextOrder(model) { Split = split, KeepsPlaceholders = true },
                    texts,
                    stop
                );
                return [.. results.Select(result => result.Text)];
            case "xml":
                return await markup.XmlAsync(model, texts, IgnoredTags(fields), stop);
            case "html" when fields.One("ignore_tags") is null:
                return await markup.HtmlAsync(model, texts, stop);
            case "html":
                throw Refusal.Invalid(
                    "ignore_tags is for tag_handling=xml; in HTML give the element the attribute translate=\"no\"."
                );
            case var other:
                throw DeepLRefusals.Value("tag_handling", other, "xml, html");
        }
    }

    /// <summary>JSON has an array, a form one value with commas.</summary>
    private static HashSet<string> IgnoredTags(RequestFields fields) =>
        [.. fields.All("ignore_tags").SelectMany(tags => tags.Split(',', StringSplitOptions.TrimEntries))];

    private static TextSplit SplitOf(string? sentences) =>
        sentences switch
        {
            null or "1" or "default" => AdapterSplit.Text,
            "nonewlines" => TextSplit.Sentences,
            "0" or "off" => TextSplit.None,
            var other => throw DeepLRefusals.Value("split_sentences", other, "0, 1, nonewlines"),
        };

    private static Refusal NotServed(ServedPair pair) =>
        new(
            StatusCodes.Status400BadRequest,
            $"No model translates {DeepLLanguages.Code(pair.Source)} into {DeepLLanguages.Code(pair.Target)}.",
            "model"
        );
}
