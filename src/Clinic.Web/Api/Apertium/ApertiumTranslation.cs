using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.Apertium;

/// <summary><c>/translate?q=TEXT&amp;langpair=de|en</c> of Apertium's APy.</summary>
internal sealed class ApertiumTranslation(ServedLanguages languages, TextTranslator translator, ServeOptions options)
{
    /// <summary>Answers a request.</summary>
    public async Task<IResult> AnswerAsync(RequestFields fields, CancellationToken stop)
    {
        var pair = PairOf(fields);
        var text = fields.All("q") is [var q, ..] ? q : throw Refusal.Invalid("q is missing: the text to translate.");
        TextLimits.Check([text], options.Limits);
        using var lease = languages.Lease(pair) ?? throw NotServed($"{pair.Source}|{pair.Target}");
        var results = await translator.TranslateAsync(
            new TextOrder(lease.Model) { Split = AdapterSplit.Segment, KeepsPlaceholders = true },
            [text],
            stop
        );
        return AdapterJson.Of(
            new
            {
                responseData = new { translatedText = results[0].Text },
                responseDetails = (string?)null,
                responseStatus = StatusCodes.Status200OK,
            }
        );
    }

    private ServedPair PairOf(RequestFields fields)
    {
        var named = fields.One(ApertiumApi.PairField);
        return named?.Split('|') is not [var source, var target]
                ? throw Refusal.Invalid(
                    $"{ApertiumApi.PairField} is {named ?? "missing"}: it is two languages, such as de|en."
                )
            : languages.Source(source) is { } from && languages.Target(target) is { } to ? new ServedPair(from, to)
            : throw NotServed(named);
    }

    private Refusal NotServed(string named) =>
        new(
            StatusCodes.Status400BadRequest,
            $"That pair is not installed: {named}. There are: "
                + string.Join(", ", languages.Pairs.Select(pair => $"{pair.Source}|{pair.Target}"))
                + ".",
            "model"
        );
}
