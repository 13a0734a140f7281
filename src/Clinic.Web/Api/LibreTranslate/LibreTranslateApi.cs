using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Languages;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary>
/// LibreTranslate's interface at the root of the service, but for <c>/translate</c>, which
/// <see cref="TranslateAtRoot"/> adds.
/// </summary>
internal static class LibreTranslateApi
{
    /// <summary>The field of a body that has the key.</summary>
    public const string KeyField = "api_key";

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceLimits limits)
    {
        var group = routes.MapGroup("").ExcludeFromDescription().WithMetadata(new LibreTranslateShape());
        group.MapGet("/languages", Languages).WithMetadata(new OpenToAll());
        group
            .MapGet("/health", () => AdapterJson.Of(new { status = "ok" }))
            .WithMetadata(new OpenToAll(), new NoRate());
        group.MapGet("/frontend/settings", Settings).WithMetadata(new OpenToAll());
        group.MapGet("/spec", () => AdapterJson.Of(LibreTranslateSpec.Document)).WithMetadata(new OpenToAll());
        group.MapPost("/detect", DetectAsync);
        group.MapPost("/suggest", Suggest);
        group
            .MapPost("/translate_file", TranslateFileAsync)
            .WithMetadata(new RequestSizeLimitAttribute(limits.DocumentBytes + DocumentDesk.FormBytes));
        group.MapGet(LibreTranslateFiles.Download + "/{name}", DownloadFile).WithMetadata(new OpenToAll());
    }

    /// <summary>A detected language as clients read it, with the confidence in percent.</summary>
    public static object Detected(DetectedLanguage language) =>
        new { confidence = Math.Round(100 * language.Confidence, 1), language = language.Language };

    /// <summary>Languages that are only written are in the list as well: clients look a target up in it.</summary>
    private static IResult Languages(ServedLanguages languages) =>
        AdapterJson.Of(
            languages
                .Sources.Union(languages.Targets)
                .Select(code => new
                {
                    code,
                    name = LanguageCode.EnglishName(code),
                    targets = languages.TargetsOf(code),
                })
        );

    private static IResult Settings(ServedLanguages languages, ServeOptions options, KeyRing keys)
    {
        var pair = languages.Pairs.DefaultIfEmpty(new ServedPair("", "")).First();
        return AdapterJson.Of(
            new
            {
                apiKeys = keys.Keys is not null,
                charLimit = options.Limits.Characters,
                filesTranslation = true,
                frontendTimeout = 500,
                keyRequired = keys.Keys is not null,
                language = new { source = Named(pair.Source), target = Named(pair.Target) },
                suggestions = false,
                supportedFilesFormat = DocumentFormats.All.SelectMany(format => format.Extensions),
            }
        );
    }

    private static object Named(string code) => new { code, name = LanguageCode.EnglishName(code) };

    private static async Task<IResult> DetectAsync(HttpContext context, SourceLanguageGuess guess)
    {
        var fields = await RequestFields.ReadAsync(context);
        var text = fields.One("q") ?? throw LibreTranslateRefusals.Missing("q");
        return AdapterJson.Of(guess.All(text).Select(Detected));
    }

    private static async Task<IResult> TranslateFileAsync(HttpContext context, LibreTranslateFiles files) =>
        await files.TranslateAsync(await RequestFields.ReadAsync(context), context);

    /// <summary>Whoever has the link may fetch the file, once; nobody can guess it.</summary>
    private static IResult DownloadFile(string name, HttpContext context, LibreTranslateFiles files) =>
        files.HandOut(name, context);

    private static IResult Suggest() =>
        throw new Refusal(
            StatusCodes.Status403Forbidden,
            "Suggestions are disabled on this server: what it learns from is chosen before training.",
            "unsupported"
        );
}
