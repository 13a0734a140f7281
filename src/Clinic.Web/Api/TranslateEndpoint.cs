using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>
/// <c>POST /v1/translate</c>: the translations in one answer, or a sentence at a time for a client that accepts
/// <c>text/event-stream</c> or <c>application/x-ndjson</c>.
/// </summary>
internal sealed class TranslateEndpoint(ModelCatalog catalog, TextTranslator translator, ServeOptions options)
{
    /// <summary>A line of JSON for each sentence.</summary>
    public const string Lines = "application/x-ndjson";

    /// <summary>An event for each sentence.</summary>
    public const string Events = "text/event-stream";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Answers a request.</summary>
    public async Task<IResult> AnswerAsync(TranslateRequest request, HttpContext context)
    {
        Check(request);
        var lease = Lease(request);
        try
        {
            var order = OrderOf(request, lease.Model);
            var accepts = context.Request.Headers.Accept.ToString();
            if (accepts.Contains(Events, StringComparison.OrdinalIgnoreCase))
            {
                var events = EventsAsync(request, order, lease, context.RequestAborted);
                lease = null;
                return TypedResults.ServerSentEvents(events);
            }

            if (accepts.Contains(Lines, StringComparison.OrdinalIgnoreCase))
            {
                await WriteLinesAsync(request, order, context);
                return Results.Empty;
            }

            var results = await translator.TranslateAsync(order, request.Text.Texts, context.RequestAborted);
            return TypedResults.Ok(
                new TranslateAnswer(
                    lease.Model.Name,
                    lease.Model.SourceLanguage,
                    lease.Model.TargetLanguage,
                    [.. results.Select(result => TextTranslation.Of(result, order.Model, request))]
                )
            );
        }
        finally
        {
            lease?.Dispose();
        }
    }

    private void Check(TranslateRequest request)
    {
        TextLimits.Check(request.Text.Texts, options.Limits);
        if (request.Beam > options.Limits.Beam || request.Beam < 1)
        {
            throw Refusal.Invalid($"beam is {request.Beam}; this service takes 1 to {options.Limits.Beam}.");
        }
    }

    private ModelLease Lease(TranslateRequest request) =>
        catalog.Find(request.Model, request.Source, request.Target)
        ?? throw new Refusal(
            StatusCodes.Status404NotFound,
            "No model fits "
                + string.Join(
                    ", ",
                    new[]
                    {
                        request.Model is { } model ? $"model {model}" : null,
                        request.Source is { } source ? $"source {source}" : null,
                        request.Target is { } target ? $"target {target}" : null,
                    }
                        .OfType<string>()
                        .DefaultIfEmpty("this request")
                )
                + ". GET /v1/models lists those that are loaded.",
            "model"
        );

    private static TextOrder OrderOf(TranslateRequest request, ServedModel model)
    {
        var beam = request.Beam ?? model.Decoding.Beam;
        return request.Alternatives < 1 || request.Alternatives > beam
            ? throw Refusal.Invalid(
                $"alternatives is {request.Alternatives}; a beam of {beam} finds 1 to {beam} translations."
            )
            : new TextOrder(model)
            {
                Settings = new SearchSettings
                {
                    Beam = request.Beam,
                    LengthPenalty = request.LengthPenalty,
                    NoRepeatNgram = request.NoRepeatNgram,
                    Attention = request.Alignment,
                },
                Split = request.Split,
                Required = request.Require ?? [],
                Banned = request.Ban ?? [],
            };
    }

    private async IAsyncEnumerable<SseItem<object>> EventsAsync(
        TranslateRequest request,
        TextOrder order,
        ModelLease lease,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        using (lease)
        {
            var count = 0;
            await foreach (var (text, sentence) in translator.SentencesAsync(order, request.Text.Texts, stop))
            {
                yield return new SseItem<object>(
                    new StreamedSentence(text, SentenceTranslation.Of(sentence, order.Model, request)),
                    "sentence"
                )
                {
                    EventId = (count++).ToString(CultureInfo.InvariantCulture),
                };
            }

            yield return new SseItem<object>(new StreamEnd(order.Model.Name, count), "done");
        }
    }

    private async Task WriteLinesAsync(TranslateRequest request, TextOrder order, HttpContext context)
    {
        context.Response.ContentType = Lines;
        var count = 0;
        await foreach (
            var (text, sentence) in translator.SentencesAsync(order, request.Text.Texts, context.RequestAborted)
        )
        {
            count++;
            await WriteLineAsync(
                context,
                new StreamedSentence(text, SentenceTranslation.Of(sentence, order.Model, request))
            );
        }

        await WriteLineAsync(context, new StreamEnd(order.Model.Name, count));
    }

    private static async Task WriteLineAsync(HttpContext context, object value)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, value, Json, context.RequestAborted);
        await context.Response.WriteAsync("\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

/// <summary>A sentence of a streamed answer.</summary>
/// <param name="Text">The number of the text that it is from, from 0.</param>
/// <param name="Sentence">The sentence.</param>
internal sealed record StreamedSentence(int Text, SentenceTranslation Sentence);

/// <summary>The end of a streamed answer: without it the answer is not whole.</summary>
/// <param name="Model">The model that translated.</param>
/// <param name="Sentences">How many sentences there were.</param>
internal sealed record StreamEnd(string Model, int Sentences);
