using Microsoft.AspNetCore.Http;
using TransformerClinic.Common;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Documents;

/// <summary>
/// Documents that clients sent to be translated and will come back for. They are in a folder that only the service's
/// user can read, bounded in number and bytes, and are deleted when they are fetched, too old, or the service stops.
/// </summary>
internal sealed class DocumentJobs : IAsyncDisposable
{
    private const int RetrySeconds = 30;
    private readonly DocumentJobLimits _limits;
    private readonly ServiceLog _log;
    private readonly Func<TimeSpan> _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DocumentJob> _jobs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns;
    private readonly Timer _cleaning;
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("clinic-documents-").FullName);
    private bool _closed;

    /// <summary>An empty store.</summary>
    /// <param name="limits">What it takes.</param>
    /// <param name="log">Where defects are reported.</param>
    /// <param name="clock">The time since some moment, such as a stopwatch's.</param>
    public DocumentJobs(DocumentJobLimits limits, ServiceLog log, Func<TimeSpan> clock)
    {
        (_limits, _log, _clock) = (limits, log, clock);
        _turns = new SemaphoreSlim(limits.AtOnce);
        var interval = TimeSpan.FromMinutes(1);
        _cleaning = new Timer(_ => RemoveOld(), null, interval, interval);
    }

    /// <summary>The folder of the documents.</summary>
    internal string Folder => _folder.Value;

    /// <summary>Takes a document and begins to translate it.</summary>
    /// <param name="name">The file's name; folders in it are dropped.</param>
    /// <param name="mediaType">The media type of document and translation.</param>
    /// <param name="source">The document, which is read to its end.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="work">Translates it; called once.</param>
    /// <param name="stop">Canceled when the client leaves before its document is there.</param>
    /// <exception cref="Refusal">There are too many documents.</exception>
    public async Task<DocumentJob> AddAsync(
        string name,
        string mediaType,
        Stream source,
        long length,
        DocumentWork work,
        CancellationToken stop
    )
    {
        var job = new DocumentJob(NameOf(name), mediaType, Folder, _clock()) { Bytes = length };
        Enter(job);
        try
        {
            await using var file = Create(job.SourcePath);
            await source.CopyToAsync(file, stop);
        }
        catch
        {
            Leave(job);
            job.Delete();
            throw;
        }

        job.Work = Task.Run(() => TranslateAsync(job, work), CancellationToken.None);
        return job;
    }

    /// <summary>A document; null if there is none of this id, or no more.</summary>
    public DocumentJob? Find(string id)
    {
        lock (_lock)
        {
            return _jobs.GetValueOrDefault(id);
        }
    }

    /// <summary>Opens the translation of a document that is done.</summary>
    public static Stream OpenResult(DocumentJob job) => new FileStream(job.ResultPath, FileMode.Open, FileAccess.Read);

    /// <summary>Deletes a document and stops work on it.</summary>
    public async Task RemoveAsync(DocumentJob job)
    {
        if (Leave(job))
        {
            job.Cancel();
            await job.Work;
            job.Delete();
            job.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cleaning.DisposeAsync();
        List<DocumentJob> jobs;
        lock (_lock)
        {
            _closed = true;
            jobs = [.. _jobs.Values];
        }

        foreach (var job in jobs)
        {
            job.Cancel();
        }

        await Task.WhenAll(jobs.Select(job => job.Work));
        jobs.ForEach(job => job.Dispose());
        if (_folder.IsValueCreated)
        {
            Directory.Delete(Folder, recursive: true);
        }

        _turns.Dispose();
    }

    /// <summary>Deletes what is too old.</summary>
    internal void RemoveOld()
    {
        List<DocumentJob> old;
        lock (_lock)
        {
            old = [.. _jobs.Values.Where(job => _clock() - job.Created > _limits.Lifetime)];
        }

        foreach (var job in old)
        {
            _ = RemoveAsync(job);
        }
    }

    private static string NameOf(string name)
    {
        var last = name.Split('/', '\\')[^1];
        return last.Length == 0 ? "document" : last;
    }

    /// <summary>Nobody but the service's user reads documents.</summary>
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private async Task TranslateAsync(DocumentJob job, DocumentWork work)
    {
        try
        {
            await _turns.WaitAsync(job.Stopped);
            try
            {
                job.Report((0, 0));
                await using var source = new FileStream(job.SourcePath, FileMode.Open, FileAccess.Read);
                await using var result = Create(job.ResultPath);
                var summary = await work(source, result, job, job.Stopped);
                await result.FlushAsync(job.Stopped);
                Count(job, result.Length);
                job.Finish(summary);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (job.Stopped.IsCancellationRequested)
        {
            job.Fail("The document was deleted.");
        }
        catch (UserErrorException mistake)
        {
            job.Fail(mistake.Message);
        }
#pragma warning disable CA1031 // A defect ends one document, not the service.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            _log.Say($"document {job.Id} failed: {defect}");
            job.Fail("The service failed; its log says more under the document's id.");
        }
    }

    private void Enter(DocumentJob job)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_jobs.Count >= _limits.Documents || _jobs.Values.Sum(other => other.Bytes) + job.Bytes > _limits.Bytes)
            {
                throw new Refusal(
                    StatusCodes.Status503ServiceUnavailable,
                    "The service has more documents than it takes on. Fetch those that are done, or try again later.",
                    "documents"
                )
                {
                    RetryAfter = RetrySeconds,
                };
            }

            _jobs.Add(job.Id, job);
        }
    }

    private bool Leave(DocumentJob job)
    {
        lock (_lock)
        {
            return _jobs.Remove(job.Id);
        }
    }

    private void Count(DocumentJob job, long bytes)
    {
        lock (_lock)
        {
            job.Bytes += bytes;
        }
    }
}
