using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Api;

/// <summary>The service's own interface, <c>/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
internal static class OwnApi
{
    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("translation");
        group
            .MapGet("/models", Models)
            .WithName("listModels")
            .WithSummary("The models that are loaded.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        group
            .MapPost(
                "/translate",
                (TranslateRequest request, HttpContext context, TranslateEndpoint endpoint) =>
                    endpoint.AnswerAsync(request, context)
            )
            .WithName("translate")
            .WithSummary("Translates a text or an array of texts.")
            .WithDescription(
                "With Accept: text/event-stream or application/x-ndjson the sentences arrive one by one, in their "
                    + "order, and a last event or line says how many there were."
            )
            .Produces<TranslateAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Names the interface in its description.</summary>
    public static void Describe(OpenApiOptions options) =>
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = "TransformerClinic";
                document.Info.Version = "v1";
                document.Info.Description =
                    "Translation with models trained by TransformerClinic. A translation is the same, bit for bit, "
                    + "whoever else asks at the same time.";
                return Task.CompletedTask;
            }
        );

    private static Ok<ModelList> Models(ModelCatalog catalog) =>
        TypedResults.Ok(
            new ModelList([.. catalog.Models.Select(ModelDescription.Of)])
            {
                Problems = catalog.Problems is { Count: > 0 } problems ? problems : null,
            }
        );
}
