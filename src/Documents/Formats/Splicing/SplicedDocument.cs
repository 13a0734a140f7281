using System.Text;

namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>
/// A text document: translations replace stretches of its characters, and all other characters are copied.
/// </summary>
/// <param name="text">The document's text.</param>
/// <param name="segments">Its segments, in the order of the text.</param>
/// <param name="always">Changes that do not depend on translations.</param>
/// <param name="notes">What the user should know.</param>
internal sealed class SplicedDocument(
    EncodedText text,
    IReadOnlyList<SourceSegment> segments,
    IReadOnlyList<Edit>? always = null,
    IReadOnlyList<string>? notes = null
) : IReadDocument
{
    /// <inheritdoc/>
    public IReadOnlyList<MarkedText> Segments { get; } = [.. segments.Select(segment => segment.Text)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; } = notes ?? [];

    /// <inheritdoc/>
    public void Write(IReadOnlyList<MarkedText> translations, Stream output)
    {
        var pairs = segments
            .Zip(translations, (segment, translation) => (Segment: segment, Text: translation))
            .ToList();
        var inner = new InnerEdits(
            text.Text,
            pairs.Where(pair => pair.Segment.IsInner).SelectMany(pair => pair.Segment.For(pair.Text, (_, _) => ""))
        );
        var outer = pairs
            .Where(pair => !pair.Segment.IsInner)
            .SelectMany(pair => pair.Segment.For(pair.Text, inner.Kept))
            .Concat(always ?? [])
            .ToList();
        text.WriteWith(Spliced(text.Text, outer.Concat(inner.NotIn(outer))), output);
    }

    /// <summary>A text with changes, which do not overlap.</summary>
    public static string Spliced(string text, IEnumerable<Edit> edits)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            if (edit.Start < at)
            {
                throw new InvalidOperationException("two changes of a document overlap");
            }

            result.Append(text, at, edit.Start - at).Append(edit.Text);
            at = edit.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
