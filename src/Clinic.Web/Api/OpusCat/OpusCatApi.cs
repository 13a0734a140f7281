using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.OpusCat;

/// <summary>
/// The interface of the OPUS-CAT MT Engine, <c>/MTRestService</c>, which its plugins for Trados, memoQ, OmegaT,
/// Wordfast and browsers use. Upper and lower case of an address are the same here, and its plugins count on it.
/// </summary>
internal static class OpusCatApi
{
    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/MTRestService").ExcludeFromDescription().WithMetadata(new OpusCatShape());
        group.MapGet("/Login", () => AdapterJson.Of("0"));
        group.MapGet("/ListSupportedLanguagePairs", Pairs);
        group.MapGet("/GetLanguagePairModelTags", Tags);
        group.MapGet("/CheckModelStatus", Status);
        group.MapGet("/TranslateJson", PairAsync);
        group.MapPost("/TranslatePost", PairAsync);
        group.MapGet("/Translate", TextAsync);
        group.MapGet("/TranslateParagraphJson", TextAsync);
        group.MapGet("/TranslateStream", PlainTextAsync);
        group.MapPost("/PreOrderBatch", (Delegate)PreOrderAsync);
        group.MapPost("/Customize", Customize);
    }

    private static IResult Pairs(ServedLanguages languages) =>
        AdapterJson.Of(
            languages
                .Pairs.Select(pair => $"{LanguageCode.Language(pair.Source)}-{LanguageCode.Language(pair.Target)}")
                .Distinct()
        );

    private static IResult Tags(HttpContext context, OpusCatModels models) =>
        AdapterJson.Of(models.TagsOf(context.Request.Query["srcLangCode"], context.Request.Query["trgLangCode"]));

    private static IResult Status(HttpContext context, OpusCatModels models)
    {
        var query = context.Request.Query;
        return AdapterJson.Of(models.StatusOf(query["srcLangCode"], query["trgLangCode"], query["modelTag"]));
    }

    private static async Task<IResult> PairAsync(HttpContext context, OpusCatTranslation translation) =>
        AdapterJson.Of(await translation.PairAsync(await RequestFields.ReadAsync(context), context.RequestAborted));

    private static async Task<IResult> TextAsync(HttpContext context, OpusCatTranslation translation) =>
        AdapterJson.Of(await translation.TextAsync(await RequestFields.ReadAsync(context), context.RequestAborted));

    private static async Task<IResult> PlainTextAsync(HttpContext context, OpusCatTranslation translation) =>
        Results.Text(await translation.TextAsync(await RequestFields.ReadAsync(context), context.RequestAborted));

    /// <summary>
    /// Announces segments that will be asked for. Here they are translated when they are: nothing is kept for a client
    /// that may not come back.
    /// </summary>
    private static async Task<IResult> PreOrderAsync(HttpContext context)
    {
        try
        {
            var segments = await context.Request.ReadFromJsonAsync<string[]>(context.RequestAborted);
            return segments is { Length: > 0 }
                ? Results.Ok()
                : throw Refusal.Invalid("The body is a JSON array of segments, and it is empty.");
        }
        catch (JsonException wrong)
        {
            throw Refusal.Invalid($"The body is a JSON array of segments: {wrong.Message}");
        }
    }

    private static IResult Customize() =>
        throw new Refusal(
            StatusCodes.Status501NotImplemented,
            "This service does not train: nothing that changes a model is done over the network. Fine-tune with "
                + "clinic train --from, and put the new model into the folder that is served.",
            "unsupported"
        );
}
