using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.Apertium;

/// <summary>
/// The interface of Apertium's APy, as OmegaT and Weblate use it, but for <c>/translate</c>, which
/// <see cref="TranslateAtRoot"/> adds.
/// </summary>
internal static class ApertiumApi
{
    /// <summary>The parameter that has the key.</summary>
    public const string KeyField = "key";

    /// <summary>The parameter that names the languages, <c>de|en</c>.</summary>
    public const string PairField = "langpair";

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("")
            .ExcludeFromDescription()
            .WithMetadata(new ApertiumShape())
            .WithMetadata(new OpenToAll());
        string[] methods = ["GET", "POST"];
        group.MapMethods("/listPairs", methods, Pairs);
        group.MapMethods("/list", methods, Pairs);
        group.MapMethods("/listLanguageNames", methods, NamesAsync);
    }

    private static IResult Pairs(ServedLanguages languages) =>
        AdapterJson.Of(
            new
            {
                responseData = languages.Pairs.Select(pair => new
                {
                    sourceLanguage = pair.Source,
                    targetLanguage = pair.Target,
                }),
                responseDetails = (string?)null,
                responseStatus = StatusCodes.Status200OK,
            }
        );

    /// <summary>Names in English, whatever <c>locale</c> asks for; only those of <c>languages</c> if it is
    /// there.</summary>
    private static async Task<IResult> NamesAsync(HttpContext context, ServedLanguages languages)
    {
        var wanted = (await RequestFields.ReadAsync(context)).One("languages")?.Split(' ');
        return AdapterJson.Of(
            (wanted ?? [.. languages.Sources.Union(languages.Targets)])
                .Distinct()
                .ToDictionary(code => code, LanguageCode.EnglishName)
        );
    }
}
