using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments;

/// <summary>
/// Translates segments: finds their sentences across markup, has all of them translated in one call, and puts together
/// what comes back. Placeholders come through exactly once; white space between sentences and at the ends of segments
/// stays byte for byte; markup goes where its words went. What has no letters, and what cannot be translated, stays as
/// it is.
/// </summary>
/// <param name="translator">Translates sentences.</param>
/// <param name="splitter">Finds sentences, in the source's language.</param>
/// <param name="targetLanguage">The language of the translation, such as <c>en</c>.</param>
/// <param name="bound">How sentences that are too long are split; null leaves them whole.</param>
internal sealed class SegmentTranslator(
    ISentenceTranslator translator,
    SentenceSplitter splitter,
    string targetLanguage,
    LongSentences? bound = null
) : ISegmentTranslator
{
    /// <summary>Languages that are written without spaces between sentences.</summary>
    private static readonly string[] WithoutSpaces = ["zh", "ja", "th", "lo", "km", "my"];

    private readonly bool _separated = !WithoutSpaces.Contains(
        targetLanguage.Split('-', '_')[0],
        StringComparer.OrdinalIgnoreCase
    );

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
        IReadOnlyList<MarkedText> segments,
        CancellationToken stop
    )
    {
        var drafts = segments.Select(segment => new SegmentDraft(segment, splitter, bound)).ToList();
        var sentences = drafts.SelectMany(draft => draft.Sentences).ToList();
        var align = drafts.Exists(draft => draft.NeedsAlignment);

        await Answer(sentences.SelectMany(sentence => sentence.Wanted()), align, stop);
        await Answer(sentences.SelectMany(sentence => sentence.WantedStill()), align, stop);
        return [.. drafts.Select(draft => draft.Finished(_separated))];
    }

    private async Task Answer(IEnumerable<SentencePiece> wanted, bool align, CancellationToken stop)
    {
        var pieces = wanted.ToList();
        if (pieces.Count == 0)
        {
            return;
        }

        var answers = await translator.TranslateAsync([.. pieces.Select(piece => piece.Sent)], align, stop);
        if (answers.Count != pieces.Count)
        {
            throw new InvalidOperationException($"{pieces.Count} sentences have {answers.Count} translations.");
        }

        foreach (var (piece, answer) in pieces.Zip(answers))
        {
            piece.Answer = answer;
        }
    }
}
