using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>
/// <c>/v1/documents</c>: a document is sent, asked about until it is done, and fetched, which deletes it.
/// </summary>
internal static class DocumentsApi
{
    private const string Address = "/v1/documents";

    /// <summary>Adds what documents need.</summary>
    public static void Add(IServiceCollection services)
    {
        var clock = Stopwatch.StartNew();
        services.AddSingleton(provider => new DocumentJobs(
            new DocumentJobLimits(),
            provider.GetRequiredService<ServiceLog>(),
            () => clock.Elapsed
        ));
        services.AddSingleton<ModelSegments>();
        services.AddSingleton<DocumentDesk>();
    }

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceLimits limits)
    {
        var group = routes.MapGroup(Address).WithTags("documents");
        group
            .MapPost("", SendAsync)
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(limits.DocumentBytes + DocumentDesk.FormBytes))
            .WithName("sendDocument")
            .WithSummary("Takes a document to translate it.")
            .WithDescription(
                "The extension of the file's name says what it is. The answer's Location is the address to ask how far "
                    + "it is. A document is kept for an hour."
            )
            .Produces<DocumentDescription>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group
            .MapGet("/{id}", (string id, DocumentJobs jobs) => TypedResults.Ok(DocumentDescription.Of(Find(jobs, id))))
            .WithName("getDocument")
            .WithSummary("How far a document is.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/{id}/result", Fetch)
            .WithName("fetchDocument")
            .WithSummary("The translation of a document that is done; once it is fetched, it is deleted.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group
            .MapDelete("/{id}", DeleteAsync)
            .WithName("deleteDocument")
            .WithSummary("Deletes a document and stops work on it.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Accepted<DocumentDescription>> SendAsync(
        IFormFile file,
        [FromForm] string? source,
        [FromForm] string? target,
        [FromForm] string? model,
        [FromForm] bool? eachLine,
        HttpContext context,
        ModelCatalog catalog,
        DocumentDesk desk
    )
    {
        using var lease = catalog.Find(model, source, target) ?? throw NoModel();
        var job = await desk.AddAsync(
            file,
            name: null,
            new ServedPair(lease.Model.SourceLanguage, lease.Model.TargetLanguage),
            lease.Model.Name,
            new DocumentOptions { EachLine = eachLine == true },
            context.RequestAborted
        );
        return TypedResults.Accepted($"{Address}/{job.Id}", DocumentDescription.Of(job));
    }

    private static IResult Fetch(string id, HttpContext context, DocumentJobs jobs, DocumentDesk desk)
    {
        var job = Find(jobs, id);
        return job.State == DocumentState.Done
            ? desk.HandOut(job, context)
            : throw new Refusal(
                StatusCodes.Status409Conflict,
                job.Problem ?? "The document is not translated yet. GET it without /result says how far it is.",
                "documents"
            );
    }

    private static async Task<NoContent> DeleteAsync(string id, DocumentJobs jobs)
    {
        await jobs.RemoveAsync(Find(jobs, id));
        return TypedResults.NoContent();
    }

    private static DocumentJob Find(DocumentJobs jobs, string id) =>
        jobs.Find(id)
        ?? throw new Refusal(
            StatusCodes.Status404NotFound,
            "There is no document of this id: it was fetched, deleted, or sent more than an hour ago.",
            "documents"
        );

    private static Refusal NoModel() =>
        new(
            StatusCodes.Status404NotFound,
            "No model fits this request. GET /v1/models lists those that are loaded.",
            "model"
        );
}
