using System.Security.Cryptography;
using System.Text;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Web.Documents;

/// <summary>A document that a client sent, and its translation. Its id and key cannot be guessed.</summary>
/// <param name="name">The file's name as the client wrote it, without folders.</param>
/// <param name="mediaType">The media type of document and translation.</param>
/// <param name="folder">Where its files are.</param>
/// <param name="created">When it came, by the clock of the store.</param>
internal sealed class DocumentJob(string name, string mediaType, string folder, TimeSpan created)
    : IProgress<(int Done, int Total)>,
        IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Progress _progress = new(DocumentState.Queued, 0, 0, null, null);

    private sealed record Progress(DocumentState State, int Done, int Total, DocumentSummary? Summary, string? Problem);

    /// <summary>What clients call it: 128 random bits.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>What clients of DeepL's interface prove with that it is theirs: 256 random bits.</summary>
    public string Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The file's name.</summary>
    public string Name => name;

    /// <summary>The media type of document and translation.</summary>
    public string MediaType => mediaType;

    /// <summary>When it came.</summary>
    public TimeSpan Created => created;

    /// <summary>Where it is.</summary>
    public DocumentState State => _progress.State;

    /// <summary>Segments that are translated, and all; both 0 as long as they are not counted.</summary>
    public (int Done, int Total) Segments => (_progress.Done, _progress.Total);

    /// <summary>What was done; null as long as it is not.</summary>
    public DocumentSummary? Summary => _progress.Summary;

    /// <summary>Why it could not be translated; null if it could, or may yet.</summary>
    public string? Problem => _progress.Problem;

    /// <summary>The document.</summary>
    internal string SourcePath => Path.Combine(folder, $"{Id}.source");

    /// <summary>Its translation.</summary>
    internal string ResultPath => Path.Combine(folder, $"{Id}.result");

    /// <summary>Bytes of both.</summary>
    internal long Bytes { get; set; }

    /// <summary>Canceled when nobody waits for it any more.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>The work on it.</summary>
    internal Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Whether a key is the document's; takes as long for a wrong key as for the right one.</summary>
    public bool IsKey(string? key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key ?? ""), Encoding.UTF8.GetBytes(Key));

    /// <inheritdoc/>
    public void Report((int Done, int Total) value) =>
        _progress = new Progress(DocumentState.Translating, value.Done, value.Total, null, null);

    /// <summary>It is translated.</summary>
    internal void Finish(DocumentSummary summary) =>
        _progress = _progress with { State = DocumentState.Done, Summary = summary };

    /// <summary>It cannot be translated.</summary>
    internal void Fail(string problem) =>
        _progress = _progress with { State = DocumentState.Failed, Problem = problem };

    /// <summary>Nobody waits for it any more.</summary>
    internal void Cancel() => _stop.Cancel();

    /// <summary>Deletes its files.</summary>
    internal void Delete()
    {
        try
        {
            File.Delete(SourcePath);
            File.Delete(ResultPath);
        }
        catch (DirectoryNotFoundException)
        {
            // The service stops, and has deleted all of them.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
