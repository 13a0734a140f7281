using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Operation;

/// <summary>
/// Two questions that must not be mixed: is the process alive (else restart it), and may it be given work (else give it
/// to another).
/// </summary>
internal static class Health
{
    /// <summary>The address that says whether the process is alive.</summary>
    public const string Live = "/health/live";

    /// <summary>The address that says whether it takes work.</summary>
    public const string Ready = "/health/ready";

    /// <summary>Adds both.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(Live, () => Results.Json(new { status = "live" }))
            .ExcludeFromDescription()
            .WithMetadata(new OpenToAll(), new NoRate());
        routes.MapGet(Ready, Answer).ExcludeFromDescription().WithMetadata(new OpenToAll(), new NoRate());
    }

    private static IResult Answer(ServiceActivity activity, SentenceQueue queue, ModelCatalog models)
    {
        var reason =
            activity.IsDraining ? "the service is stopping"
            : queue.Tokens >= queue.Capacity ? "the queue is full"
            : models.Models.Count == 0 ? "no model is loaded"
            : null;
        return reason is null
            ? Results.Json(new { status = "ready" })
            : Results.Json(new { status = "not ready", reason }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
