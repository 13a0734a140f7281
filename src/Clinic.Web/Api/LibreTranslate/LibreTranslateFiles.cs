using Microsoft.AspNetCore.Http;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary><c>POST /translate_file</c>: answers with a link when the translation is there.</summary>
internal sealed class LibreTranslateFiles(ServedLanguages languages, DocumentDesk desk, DocumentJobs jobs)
{
    /// <summary>Where translations are fetched.</summary>
    public const string Download = "/download_file";

    /// <summary>Answers a request.</summary>
    public async Task<IResult> TranslateAsync(RequestFields fields, HttpContext context)
    {
        var file = fields.Files?.GetFile("file") ?? throw LibreTranslateRefusals.Missing("file");
        if (DocumentFormats.OfFileName(file.FileName) is null)
        {
            throw Refusal.Invalid("Invalid request: file format not supported");
        }

        var job = await desk.AddAsync(
            file,
            name: null,
            PairOf(fields),
            model: null,
            new DocumentOptions(),
            context.RequestAborted
        );
        try
        {
            await job.Work.WaitAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            await jobs.RemoveAsync(job);
            throw;
        }

        if (job.Problem is { } problem)
        {
            await jobs.RemoveAsync(job);
            throw Refusal.Invalid(problem);
        }

        var request = context.Request;
        var name = $"{job.Id}.{Uri.EscapeDataString(job.Name)}";
        return AdapterJson.Of(new { translatedFileUrl = $"{request.Scheme}://{request.Host}{Download}/{name}" });
    }

    /// <summary>Hands a translation out by the last part of its link.</summary>
    public IResult HandOut(string name, HttpContext context) =>
        jobs.Find(name.Split('.')[0]) is { State: DocumentState.Done } job && name == $"{job.Id}.{job.Name}"
            ? desk.HandOut(job, context)
            : throw new Refusal(
                StatusCodes.Status404NotFound,
                "There is no such file: it was fetched, or translated more than an hour ago.",
                "documents"
            );

    private ServedPair PairOf(RequestFields fields)
    {
        var source = fields.One("source") ?? throw LibreTranslateRefusals.Missing("source");
        var target = fields.One("target") ?? throw LibreTranslateRefusals.Missing("target");
        var to = languages.Target(target) ?? throw LibreTranslateRefusals.Language(target);
        if (source == "auto")
        {
            return languages.SourcesOf(to) is [var only]
                ? new ServedPair(only, to)
                : throw LibreTranslateRefusals.Ambiguous(languages.SourcesOf(to));
        }

        var pair = new ServedPair(languages.Source(source) ?? throw LibreTranslateRefusals.Language(source), to);
        return languages.Pairs.Contains(pair) ? pair : throw LibreTranslateRefusals.Pair(pair);
    }
}
