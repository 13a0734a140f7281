using System.Globalization;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Common;
using TransformerClinic.Web.Api;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Operation;

/// <summary>
/// The one place where a failure becomes an answer: in the shape of the interface that was asked, never with a stack
/// trace. A defect is logged with its request's id.
/// </summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ServiceMetrics metrics, ServiceLog log)
{
    /// <summary>What nginx calls a client that closed its request; nobody reads it.</summary>
    private const int ClientLeft = 499;

    private const int RetrySeconds = 1;
    private static readonly ProblemShape Problem = new();

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
            {
                await Write(context, WordsFor(context.Response.StatusCode));
            }
        }
        catch (Refusal refusal)
        {
            await Answer(context, refusal);
        }
        catch (QueueFullException full)
        {
            await Answer(
                context,
                new Refusal(StatusCodes.Status503ServiceUnavailable, full.Message, "queue")
                {
                    RetryAfter = RetrySeconds,
                }
            );
        }
        catch (BadHttpRequestException bad)
        {
            await Answer(context, new Refusal(bad.StatusCode, WordsOf(bad), "invalid"));
        }
        catch (UserErrorException mistake)
        {
            await Answer(context, Refusal.Invalid(mistake.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.OnRejected("client left");
            context.Response.StatusCode = ClientLeft;
        }
#pragma warning disable CA1031 // A defect ends one request, not the service.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            log.Say($"request {context.TraceIdentifier} failed: {defect}");
            await Answer(
                context,
                new Refusal(
                    StatusCodes.Status500InternalServerError,
                    "The service failed; its log says more under this request's id.",
                    "defect"
                )
            );
        }
    }

    private async Task Answer(HttpContext context, Refusal refusal)
    {
        metrics.OnRejected(refusal.Reason);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Features.Set(refusal);
        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await Write(context, refusal.Message);
    }

    private static Task Write(HttpContext context, string message) =>
        (context.GetEndpoint()?.Metadata.GetMetadata<IErrorShape>() ?? Problem).WriteAsync(context, message);

    private static string WordsOf(BadHttpRequestException bad) =>
        bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request's body is larger than this service reads."
        : bad.InnerException is System.Text.Json.JsonException json
            ? $"The request's body is not the JSON that is expected here: {json.Message}"
        : bad.Message;

    private static string WordsFor(int status) =>
        status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => "This address does not take that method.",
            StatusCodes.Status415UnsupportedMediaType =>
                "Send JSON (Content-Type: application/json), or, where documents are taken, multipart/form-data.",
            _ => "The request was not answered.",
        };
}
