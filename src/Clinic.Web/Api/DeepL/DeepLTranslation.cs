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
        var order = new TextOrder(lease.Model) { Split = SplitOf(fields) };
        var results = await translator.TranslateAsync(order, texts, stop);
        usage.Add(texts.Sum(text => (long)text.Length));
        var counted = fields.One("show_billed_characters") is "1" or "true";
        return AdapterJson.Of(
            new { translations = texts.Zip(results, (text, result) => Translation(text, result, pair, counted)) }
        );
    }

    private static Dictionary<string, object> Translation(string text, TextResult result, ServedPair pair, bool counted)
    {
        var translation = new Dictionary<string, object>
        {
            ["detected_source_language"] = DeepLLanguages.Code(pair.Source),
            ["text"] = result.Text,
        };
        if (counted)
        {
            translation["billed_characters"] = text.Length;
        }

        return translation;
    }

    private static TextSplit SplitOf(RequestFields fields) =>
        fields.One("split_sentences") switch
        {
            null or "1" or "default" => TextSplit.Lines,
            "nonewlines" => TextSplit.Lines,
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
