namespace TransformerClinic.Documents.Formats;

/// <summary>A document that was read: what of it is translated, and the rest, which stays.</summary>
internal interface IReadDocument
{
    /// <summary>What is translated, in the document's order.</summary>
    IReadOnlyList<MarkedText> Segments { get; }

    /// <summary>What the user should know about the document.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Writes the document with translations instead of its segments; nothing else changes.</summary>
    /// <param name="translations">One for each segment, with its markup.</param>
    /// <param name="output">Gets the document.</param>
    void Write(IReadOnlyList<MarkedText> translations, Stream output);
}
