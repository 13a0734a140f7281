using Microsoft.AspNetCore.Http;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary>
/// <c>/v2/document</c>: a document is sent, asked about until it is done, and fetched, which deletes it. Its id and its
/// key, which only the sender was told, are needed for both.
/// </summary>
internal sealed class DeepLDocuments(DeepLLanguages codes, DocumentDesk desk, DocumentJobs jobs, DeepLUsage usage)
{
    /// <summary>Takes a document.</summary>
    public async Task<IResult> SendAsync(RequestFields fields, CancellationToken stop)
    {
        var file = fields.Files?.GetFile("file") ?? throw Refusal.Invalid("Parameter 'file' not specified.");
        DeepLRefusals.Check(fields);
        var name = fields.One("filename") ?? file.FileName;
        CheckFormat(fields.One("output_format"), name);
        var job = await desk.AddAsync(file, name, codes.PairOf(fields), null, new DocumentOptions(), stop);
        return AdapterJson.Of(new { document_id = job.Id, document_key = job.Key });
    }

    /// <summary>Says how far a document is.</summary>
    public IResult Status(string id, RequestFields fields)
    {
        var job = Find(id, fields);
        var status = new Dictionary<string, object>
        {
            ["document_id"] = id,
            ["status"] = job.State switch
            {
                DocumentState.Queued => "queued",
                DocumentState.Translating => "translating",
                DocumentState.Done => "done",
                _ => "error",
            },
        };
        if (job.Summary is { } summary)
        {
            status["billed_characters"] = summary.Characters;
        }

        if (job.Problem is { } problem)
        {
            status["error_message"] = problem;
        }

        return AdapterJson.Of(status);
    }

    /// <summary>Hands a translation out.</summary>
    public IResult Result(string id, RequestFields fields, HttpContext context)
    {
        var job = Find(id, fields);
        if (job.State != DocumentState.Done)
        {
            throw new Refusal(
                StatusCodes.Status503ServiceUnavailable,
                job.Problem ?? "The document is not translated yet.",
                "documents"
            )
            {
                RetryAfter = 1,
            };
        }

        usage.Add(job.Summary!.Characters);
        return desk.HandOut(job, context);
    }

    private static void CheckFormat(string? format, string name)
    {
        if (format is not null && !Path.GetExtension(name).Equals($".{format}", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Invalid(
                $"output_format is {format}, but a document is translated in place: it stays what it is."
            );
        }
    }

    private DocumentJob Find(string id, RequestFields fields) =>
        jobs.Find(id) is { } job && job.IsKey(fields.One("document_key"))
            ? job
            : throw new Refusal(
                StatusCodes.Status404NotFound,
                "There is no document of this id and key: it was fetched, or sent more than an hour ago.",
                "documents"
            );
}
