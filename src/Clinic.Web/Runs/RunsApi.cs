using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Runs;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Runs;

/// <summary>What programs ask of runs; everything only reads.</summary>
internal static class RunsApi
{
    /// <summary>Lines that one answer of the log holds.</summary>
    private const int MostLines = 10_000;

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("runs").WithMetadata(new NoRate());
        group.MapGet("/runs", List).WithName("listRuns").WithSummary("The runs.");
        group
            .MapGet("/runs/{id}", One)
            .WithName("getRun")
            .WithSummary("What is known of a run.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/runs/{id}/log", Log)
            .WithName("getRunLog")
            .WithSummary("The lines of a run's log after a place.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/runs/{id}/events", Events)
            .WithName("followRun")
            .WithSummary("The lines of a run's log as server-sent events, while they are written.")
            .WithDescription(
                "Events: line (a line of log.jsonl; sublayers and diagnosis are left out), rewind (the place after the "
                    + "last line that still counts: a rollback took the ones after it away), state (what GET "
                    + "/v1/runs/{id} answers). Last-Event-ID resumes after the line of that id."
            )
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .DisableRequestTimeout();
        group
            .MapGet("/runs/{id}/offending", Names)
            .WithName("listOffendingBatches")
            .WithSummary("The batches that the guard against divergence kept.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/runs/{id}/offending/{name}", Batch)
            .WithName("getOffendingBatch")
            .WithSummary("A batch that triggered the guard against divergence.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/runs/{id}/translations", Translations)
            .WithName("getRunTranslations")
            .WithSummary("How sentences were translated during training.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/compare", Compare)
            .WithName("compareRuns")
            .WithSummary("Several runs next to each other, and in what their recipes differ.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<RunList> List(RunCatalog catalog, RunReader reader) =>
        TypedResults.Ok(new RunList([.. catalog.Runs.Select(reader.Describe)]));

    private static Ok<RunDescription> One(string id, RunCatalog catalog, RunReader reader) =>
        TypedResults.Ok(reader.Describe(RunSelection.One(catalog, id)));

    private static Ok<LogExcerpt> Log(string id, string? from, RunCatalog catalog)
    {
        var run = RunSelection.One(catalog, id);
        var news = new LogTail(Path.Combine(run.Folder, RunFolder.LogName), Place(from)).Read();
        var lines = news.Lines.Take(MostLines).ToList();
        return TypedResults.Ok(
            new LogExcerpt(
                news.BackTo?.ToString(),
                [.. lines.Select(line => line.Text)],
                lines is [.., var last] ? last.End.ToString() : (news.BackTo ?? Place(from)).ToString()
            )
        );
    }

    private static ServerSentEventsResult<string> Events(
        string id,
        string? from,
        HttpContext context,
        RunCatalog catalog,
        RunEvents events
    )
    {
        var known = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? from;
        return TypedResults.ServerSentEvents(
            events.Of(RunSelection.One(catalog, id), Place(known), context.RequestAborted)
        );
    }

    private static Ok<OffendingList> Names(string id, RunCatalog catalog) =>
        TypedResults.Ok(new OffendingList(OffendingBatchReader.NamesOf(RunSelection.One(catalog, id))));

    private static Ok<OffendingBatchDescription> Batch(string id, string name, RunCatalog catalog) =>
        TypedResults.Ok(
            OffendingBatchReader.Read(RunSelection.One(catalog, id), name)
                ?? throw new Refusal(
                    StatusCodes.Status404NotFound,
                    "The run has no such batch. GET /v1/runs/ID/offending lists those that it has.",
                    "run"
                )
        );

    private static Ok<TranslationHistory> Translations(string id, RunCatalog catalog) =>
        TypedResults.Ok(TranslationHistory.Of(RunSelection.One(catalog, id)));

    private static Ok<RunComparison> Compare(HttpContext context, RunCatalog catalog, RunReader reader) =>
        TypedResults.Ok(RunComparison.Of(RunSelection.Several(catalog, context.Request.Query), reader));

    private static LogPosition Place(string? text) =>
        string.IsNullOrEmpty(text)
            ? LogPosition.Start
            : LogPosition.Parse(text)
                ?? throw Refusal.Invalid(
                    "from is a place in the log: a number of bytes, or what an earlier answer called next."
                );
}

/// <summary>The runs.</summary>
/// <param name="Runs">The runs in the order of their ids.</param>
internal sealed record RunList(IReadOnlyList<RunDescription> Runs);

/// <summary>Lines of a log.</summary>
/// <param name="BackTo">
/// The place after the last line that still counts, if lines before the place that was asked for do not; otherwise
/// absent.
/// </param>
/// <param name="Lines">The lines after that.</param>
/// <param name="Next">The place after them, to ask for the next ones.</param>
internal sealed record LogExcerpt(string? BackTo, IReadOnlyList<string> Lines, string Next);

/// <summary>Batches that a run kept.</summary>
/// <param name="Names">Their names.</param>
internal sealed record OffendingList(IReadOnlyList<string> Names);
