using System.Text.Json.Serialization;
using TransformerClinic.Web.Documents;

namespace TransformerClinic.Web.Api;

/// <summary>A document that is or was translated.</summary>
/// <param name="Id">What it is asked for by; nobody can guess it.</param>
/// <param name="Name">The file's name.</param>
/// <param name="State">Where it is.</param>
/// <param name="DoneSegments">Segments that are translated: paragraphs, cues, cells.</param>
/// <param name="Segments">All segments; 0 as long as they are not counted.</param>
internal sealed record DocumentDescription(string Id, string Name, DocumentState State, int DoneSegments, int Segments)
{
    /// <summary>Characters of text that it had; absent as long as it is not done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Characters { get; init; }

    /// <summary>What the user should know of the translation; absent if there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Why it could not be translated; absent if it could, or may yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <summary>The description of a document.</summary>
    public static DocumentDescription Of(DocumentJob job)
    {
        var (done, total) = job.Segments;
        return new DocumentDescription(job.Id, job.Name, job.State, done, total)
        {
            Characters = job.Summary?.Characters,
            Notes = job.Summary?.Notes is { Count: > 0 } notes ? notes : null,
            Problem = job.Problem,
        };
    }
}
