using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary>DeepL's interface, <c>/v2</c>, as its own client libraries use it.</summary>
internal static class DeepLApi
{
    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceLimits limits)
    {
        var group = routes.MapGroup("").ExcludeFromDescription().WithMetadata(new DeepLShape());
        group.MapPost("/v2/translate", TranslateAsync);
        group
            .MapPost("/v2/document", SendAsync)
            .WithMetadata(new RequestSizeLimitAttribute(limits.DocumentBytes + DocumentDesk.FormBytes));
        group.MapMethods("/v2/document/{id}", ["GET", "POST"], StatusAsync);
        group.MapMethods("/v2/document/{id}/result", ["GET", "POST"], ResultAsync);
        group.MapMethods("/v2/languages", ["GET", "POST"], LanguagesAsync);
        group.MapMethods("/v2/usage", ["GET", "POST"], Usage);
        group.MapGet(
            "/v2/glossary-language-pairs",
            () => AdapterJson.Of(new { supported_languages = Array.Empty<object>() })
        );
        foreach (var version in new[] { "v2", "v3" })
        {
            group.MapGet($"/{version}/glossaries", () => AdapterJson.Of(new { glossaries = Array.Empty<object>() }));
            group.MapPost($"/{version}/glossaries", NoGlossaries);
            group.Map($"/{version}/glossaries/{{**rest}}", NoGlossary);
        }
    }

    private static async Task<IResult> TranslateAsync(HttpContext context, DeepLTranslation translation) =>
        await translation.AnswerAsync(await RequestFields.ReadAsync(context), context.RequestAborted);

    private static async Task<IResult> SendAsync(HttpContext context, DeepLDocuments documents) =>
        await documents.SendAsync(await RequestFields.ReadAsync(context), context.RequestAborted);

    private static async Task<IResult> StatusAsync(string id, HttpContext context, DeepLDocuments documents) =>
        documents.Status(id, await RequestFields.ReadAsync(context));

    private static async Task<IResult> ResultAsync(string id, HttpContext context, DeepLDocuments documents) =>
        documents.Result(id, await RequestFields.ReadAsync(context), context);

    private static async Task<IResult> LanguagesAsync(HttpContext context, DeepLLanguages languages)
    {
        var type = (await RequestFields.ReadAsync(context)).One("type");
        return AdapterJson.Of(
            type switch
            {
                null or "source" => languages.Sources,
                "target" => languages.Targets,
                _ => throw DeepLRefusals.Value("type", type, "source, target"),
            }
        );
    }

    private static IResult Usage(DeepLUsage usage) =>
        AdapterJson.Of(new { character_count = usage.Characters, character_limit = DeepLUsage.Unlimited });

    private static IResult NoGlossaries() =>
        throw Refusal.Invalid(
            "This service has no glossaries; POST /v1/translate takes required and banned words for each request."
        );

    private static IResult NoGlossary() =>
        throw new Refusal(StatusCodes.Status404NotFound, "This service has no glossaries.", "unsupported");
}
