using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TransformerClinic.Web.Api.Apertium;
using TransformerClinic.Web.Api.DeepL;
using TransformerClinic.Web.Api.LibreTranslate;
using TransformerClinic.Web.Api.OpusCat;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>
/// The interfaces of other programs, so that tools that speak to those can use this service. None is in the OpenAPI
/// document, which describes our own.
/// </summary>
internal static class Adapters
{
    /// <summary>Adds what they consist of.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ServedLanguages>();
        services.AddSingleton<SourceLanguageGuess>();
        services.AddSingleton<MarkupTexts>();
        services.AddSingleton<LibreTranslateTranslation>();
        services.AddSingleton<LibreTranslateFiles>();
        services.AddSingleton<ApertiumTranslation>();
        services.AddSingleton<DeepLLanguages>();
        services.AddSingleton<DeepLTranslation>();
        services.AddSingleton<DeepLDocuments>();
        services.AddSingleton<DeepLUsage>();
        services.AddSingleton<OpusCatModels>();
        services.AddSingleton<OpusCatTranslation>();
    }

    /// <summary>Adds their addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceLimits limits)
    {
        TranslateAtRoot.Map(routes);
        LibreTranslateApi.Map(routes, limits);
        ApertiumApi.Map(routes);
        DeepLApi.Map(routes, limits);
        OpusCatApi.Map(routes);
    }
}
