using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Web.Documents;

/// <summary>Translates a document.</summary>
/// <param name="source">The document.</param>
/// <param name="result">Gets the translation.</param>
/// <param name="progress">Gets a report of every stretch that is translated.</param>
/// <param name="stop">Canceled when nobody waits for it any more.</param>
internal delegate Task<DocumentSummary> DocumentWork(
    Stream source,
    Stream result,
    IProgress<(int Done, int Total)> progress,
    CancellationToken stop
);
