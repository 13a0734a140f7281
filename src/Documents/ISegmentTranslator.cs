namespace TransformerClinic.Documents;

/// <summary>
/// Translates segments of a document: paragraphs with markup, of one sentence or many. In the result every piece of
/// markup is there exactly once and well nested.
/// </summary>
internal interface ISegmentTranslator
{
    /// <summary>A translation for every segment, in their order.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="stop">Canceled when nobody waits for the result any more.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(IReadOnlyList<MarkedText> segments, CancellationToken stop);
}

/// <summary>The translation of a segment.</summary>
/// <param name="Text">The translation with its markup.</param>
/// <param name="Notes">What its reader should know: a sentence that stayed untranslated, and why.</param>
internal sealed record TranslatedSegment(MarkedText Text, IReadOnlyList<string> Notes);
