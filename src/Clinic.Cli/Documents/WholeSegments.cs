using TransformerClinic.Documents;

namespace TransformerClinic.Cli.Documents;

/// <summary>
/// A stand-in until segments are divided into sentences: a segment is one sentence, and its markup comes after it.
/// </summary>
internal sealed class WholeSegments(ISentenceTranslator sentences) : ISegmentTranslator
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
        IReadOnlyList<MarkedText> segments,
        CancellationToken stop
    )
    {
        var translated = await sentences
            .TranslateAsync([.. segments.Select(segment => segment.Plain)], align: false, stop)
            .ConfigureAwait(false);
        return
        [
            .. segments.Zip(
                translated,
                (segment, sentence) =>
                    sentence.Problem is { } problem
                        ? new TranslatedSegment(segment, [problem])
                        : new TranslatedSegment(
                            new MarkedText([
                                TextPart.Of(sentence.Text),
                                .. segment.Parts.Where(part => part.Kind != PartKind.Text),
                            ]),
                            []
                        )
            ),
        ];
    }
}
