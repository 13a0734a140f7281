using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Web.Documents;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Tests.Documents;

public sealed class DocumentJobsTests : IDisposable
{
    private static readonly DocumentSummary Summary = new(2, 10, []);
    private readonly StringWriter _log = new();

    [Fact]
    public async Task A_document_is_translated_and_gone_when_it_is_removed()
    {
        await using var jobs = Jobs();
        var job = await AddAsync(jobs, Upper);
        await job.Work;

        Assert.Equal((DocumentState.Done, Summary), (job.State, job.Summary));
        await using (var result = DocumentJobs.OpenResult(job))
        {
            using var reader = new StreamReader(result);
            Assert.Equal("ABC", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        await jobs.RemoveAsync(job);
        Assert.Null(jobs.Find(job.Id));
        Assert.Empty(Directory.GetFiles(jobs.Folder));
    }

    [Fact]
    public async Task Nobody_else_reads_the_folder_and_its_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        await using var jobs = Jobs();
        var job = await AddAsync(jobs, Upper);
        await job.Work;

#pragma warning disable CA1416 // Skipped on Windows.
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Own | UnixFileMode.UserExecute, File.GetUnixFileMode(jobs.Folder));
        Assert.Equal(Own, File.GetUnixFileMode(job.SourcePath));
        Assert.Equal(Own, File.GetUnixFileMode(job.ResultPath));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Too_many_documents_and_too_many_bytes_are_refused_with_the_time_to_wait()
    {
        await using var few = Jobs(new DocumentJobLimits { Documents = 1 });
        await AddAsync(few, Upper);
        await using var small = Jobs(new DocumentJobLimits { Bytes = 5 });
        await AddAsync(small, Upper);

        foreach (var jobs in (DocumentJobs[])[few, small])
        {
            var refusal = await Assert.ThrowsAsync<Refusal>(() => AddAsync(jobs, Upper));
            Assert.Equal((503, 30), (refusal.Status, refusal.RetryAfter));
        }
    }

    [Fact]
    public async Task A_removed_document_makes_room()
    {
        await using var jobs = Jobs(new DocumentJobLimits { Documents = 1 });
        for (var i = 0; i < 3; i++)
        {
            var job = await AddAsync(jobs, Upper);
            await jobs.RemoveAsync(job);
            await jobs.RemoveAsync(job);
        }
    }

    [Fact]
    public async Task Documents_wait_for_their_turn_and_tell_how_far_they_are()
    {
        await using var jobs = Jobs(new DocumentJobLimits { AtOnce = 1 });
        var gate = new TaskCompletionSource();
        var half = new TaskCompletionSource();
        var first = await AddAsync(
            jobs,
            async (_, _, progress, stop) =>
            {
                progress.Report((1, 2));
                half.SetResult();
                await gate.Task.WaitAsync(stop);
                return Summary;
            }
        );
        await half.Task;
        var second = await AddAsync(jobs, Upper);

        Assert.Equal((DocumentState.Translating, (1, 2)), (first.State, first.Segments));
        Assert.Equal(DocumentState.Queued, second.State);
        gate.SetResult();
        await Task.WhenAll(first.Work, second.Work);
        Assert.Equal((DocumentState.Done, DocumentState.Done), (first.State, second.State));
    }

    [Fact]
    public async Task A_document_that_cannot_be_translated_says_why_and_a_defect_is_logged()
    {
        await using var jobs = Jobs();
        var wrong = await AddAsync(jobs, (_, _, _, _) => throw new UserErrorException("a.docx: no document."));
        var defect = await AddAsync(jobs, (_, _, _, _) => throw new InvalidDataException("secret"));
        await Task.WhenAll(wrong.Work, defect.Work);

        Assert.Equal((DocumentState.Failed, "a.docx: no document."), (wrong.State, wrong.Problem));
        Assert.Equal(DocumentState.Failed, defect.State);
        Assert.DoesNotContain("secret", defect.Problem, StringComparison.Ordinal);
        Assert.Contains($"document {defect.Id} failed", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_documents_are_deleted()
    {
        var now = TimeSpan.Zero;
        await using var jobs = new DocumentJobs(new DocumentJobLimits(), new ServiceLog(_log), () => now);
        var old = await AddAsync(jobs, Forever);
        now += TimeSpan.FromMinutes(31);
        var young = await AddAsync(jobs, Upper);
        now += TimeSpan.FromMinutes(30);
        jobs.RemoveOld();
        await old.Work;

        Assert.Null(jobs.Find(old.Id));
        Assert.Same(young, jobs.Find(young.Id));
    }

    [Fact]
    public async Task Everything_stops_and_is_deleted_when_the_service_ends()
    {
        var jobs = Jobs();
        var job = await AddAsync(jobs, Forever);
        var folder = jobs.Folder;
        Assert.True(Directory.Exists(folder));
        await jobs.DisposeAsync();

        Assert.True(job.Work.IsCompleted);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_broken_upload_leaves_nothing()
    {
        await using var jobs = Jobs(new DocumentJobLimits { Documents = 1 });
        using var source = new MemoryStream("abc"u8.ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            jobs.AddAsync("a.txt", "text/plain", source, 3, Upper, new CancellationToken(canceled: true))
        );

        Assert.Empty(Directory.GetFiles(jobs.Folder));
        await AddAsync(jobs, Upper);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\docs\\a.docx", "a.docx")]
    [InlineData("a/", "document")]
    public async Task A_name_has_no_folders(string name, string kept)
    {
        await using var jobs = Jobs();
        using var source = new MemoryStream("abc"u8.ToArray());
        var job = await jobs.AddAsync(name, "text/plain", source, 3, Upper, TestContext.Current.CancellationToken);

        Assert.Equal(kept, job.Name);
        Assert.StartsWith(jobs.Folder, job.SourcePath, StringComparison.Ordinal);
        Assert.Equal(32, job.Id.Length);
    }

    [Fact]
    public async Task Only_its_key_is_its_key()
    {
        await using var jobs = Jobs();
        var job = await AddAsync(jobs, Upper);

        Assert.True(job.IsKey(job.Key));
        Assert.False(job.IsKey(job.Key[1..]));
        Assert.False(job.IsKey(null));
        Assert.NotEqual(job.Id, job.Key);
    }

    public void Dispose() => _log.Dispose();

    private DocumentJobs Jobs(DocumentJobLimits? limits = null) =>
        new(limits ?? new DocumentJobLimits(), new ServiceLog(_log), () => TimeSpan.Zero);

    private static async Task<DocumentJob> AddAsync(DocumentJobs jobs, DocumentWork work)
    {
        using var source = new MemoryStream("abc"u8.ToArray());
        return await jobs.AddAsync("a.txt", "text/plain", source, 3, work, TestContext.Current.CancellationToken);
    }

    private static async Task<DocumentSummary> Upper(
        Stream source,
        Stream result,
        IProgress<(int Done, int Total)> progress,
        CancellationToken stop
    )
    {
        using var reader = new StreamReader(source);
        await using var writer = new StreamWriter(result, leaveOpen: true);
        await writer.WriteAsync((await reader.ReadToEndAsync(stop)).ToUpperInvariant());
        return Summary;
    }

    private static async Task<DocumentSummary> Forever(
        Stream source,
        Stream result,
        IProgress<(int Done, int Total)> progress,
        CancellationToken stop
    )
    {
        await Task.Delay(Timeout.Infinite, stop);
        return Summary;
    }
}
