using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats;

/// <summary>A format of documents.</summary>
internal interface IDocumentFormat
{
    /// <summary>Its short name: <c>docx</c>.</summary>
    string Name { get; }

    /// <summary>Its name in prose.</summary>
    string Title { get; }

    /// <summary>How names of its files end, the usual one first: <c>.docx</c>.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Its media types, the registered one first.</summary>
    IReadOnlyList<string> MediaTypes { get; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="UserErrorException">
    /// It is damaged, is of another format, or demands more than the limits allow.
    /// </exception>
    IReadDocument Read(DocumentSource source);
}
