using Microsoft.AspNetCore.Http;
using TransformerClinic.Common;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Documents;

/// <summary>Takes documents in, whatever interface they come by, and hands their translations out.</summary>
internal sealed class DocumentDesk(
    DocumentJobs jobs,
    ModelSegments segments,
    ServedLanguages languages,
    ServeOptions options
)
{
    /// <summary>Bytes of a form around its document.</summary>
    public const int FormBytes = 1 << 16;

    /// <summary>Takes a document and begins to translate it.</summary>
    /// <param name="file">The document.</param>
    /// <param name="name">Its name, whose extension says what it is; null takes the form's.</param>
    /// <param name="pair">The languages, which are served.</param>
    /// <param name="model">The name of the model that is preferred; null prefers none.</param>
    /// <param name="how">How it is translated.</param>
    /// <param name="stop">Canceled when the client leaves before its document is there.</param>
    /// <exception cref="Refusal">It is too large, or there are too many.</exception>
    /// <exception cref="UserErrorException">Documents of its kind are not translated.</exception>
    public async Task<DocumentJob> AddAsync(
        IFormFile file,
        string? name,
        ServedPair pair,
        string? model,
        DocumentOptions how,
        CancellationToken stop
    )
    {
        name ??= file.FileName;
        var format = DocumentFormats.Of(name, file.ContentType);
        if (file.Length > options.Limits.DocumentBytes)
        {
            throw Refusal.TooLarge(
                $"The document has {file.Length} bytes; this service takes at most {options.Limits.DocumentBytes}."
            );
        }

        await using var content = file.OpenReadStream();
        return await jobs.AddAsync(
            name,
            format.MediaTypes[0],
            content,
            file.Length,
            (source, result, progress, jobStop) =>
                TranslateAsync(format, name, pair, model, how, source, result, progress, jobStop),
            stop
        );
    }

    /// <summary>Hands a translation out; the document is deleted when the client has all of it.</summary>
    public IResult HandOut(DocumentJob job, HttpContext context)
    {
        context.Response.OnCompleted(() =>
            context.RequestAborted.IsCancellationRequested ? Task.CompletedTask : jobs.RemoveAsync(job)
        );
        return Results.Stream(DocumentJobs.OpenResult(job), job.MediaType, job.Name);
    }

    private async Task<DocumentSummary> TranslateAsync(
        IDocumentFormat format,
        string name,
        ServedPair pair,
        string? model,
        DocumentOptions how,
        Stream source,
        Stream result,
        IProgress<(int Done, int Total)> progress,
        CancellationToken stop
    )
    {
        using var lease =
            languages.Lease(pair, model)
            ?? throw new UserErrorException($"The model from {pair.Source} to {pair.Target} is no longer there.");
        var translator = new DocumentTranslator(
            segments.For(lease.Model, Admission.WaitForRoom),
            new DocumentLimits { MostBytes = options.Limits.DocumentBytes }
        );
        var document = translator.Read(format, source, name, how with { TargetLanguage = lease.Model.TargetLanguage });
        return await translator.TranslateAsync(document, result, progress, stop);
    }
}
