namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>A Word document that was read.</summary>
/// <param name="archive">All of its parts.</param>
/// <param name="parts">The parts with text.</param>
/// <param name="notes">What the user should know.</param>
internal sealed class DocxDocument(ZipParts archive, IReadOnlyList<WordPart> parts, IReadOnlyList<string> notes)
    : IReadDocument
{
    /// <inheritdoc/>
    public IReadOnlyList<MarkedText> Segments { get; } = [.. parts.SelectMany(part => part.Segments)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => notes;

    /// <inheritdoc/>
    public void Write(IReadOnlyList<MarkedText> translations, Stream output)
    {
        var changed = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var at = 0;
        foreach (var part in parts)
        {
            if (part.Translated([.. translations.Skip(at).Take(part.Segments.Count)]) is { } bytes)
            {
                changed[part.Name] = bytes;
            }

            at += part.Segments.Count;
        }

        archive.Write(changed, output);
    }
}
