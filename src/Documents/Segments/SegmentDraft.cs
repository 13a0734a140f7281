using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Documents.Segments.Tags;

namespace TransformerClinic.Documents.Segments;

/// <summary>A segment on its way: its sentences, and what is put together of their translations.</summary>
internal sealed class SegmentDraft
{
    private readonly MarkedText _segment;
    private readonly SourceText _source;
    private readonly List<string> _notes = [];

    /// <summary>A segment whose sentences are found.</summary>
    public SegmentDraft(MarkedText segment, SentenceSplitter splitter, LongSentences? bound)
    {
        (_segment, _source) = (segment, SourceText.Of(segment));
        var text = _source.Text;
        var placeholders = PlaceholderFinder.Find(text);
        Sentences =
        [
            .. Whole(splitter.Split(text), placeholders)
                .SelectMany(sentence => Bounded(sentence, bound, placeholders))
                .Select(range => new SentenceDraft(text, range)),
        ];
    }

    /// <summary>The sentences in their order.</summary>
    public IReadOnlyList<SentenceDraft> Sentences { get; }

    /// <summary>Whether markup is inside a sentence, so that words must be followed.</summary>
    public bool NeedsAlignment =>
        _source.Tags.Any(tag =>
            Sentences.Any(sentence => sentence.Range.Start < tag.Place && tag.Place < sentence.Range.End)
        );

    /// <summary>The translation, when every sentence has its answers.</summary>
    /// <param name="separated">Whether sentences that touch in the source are separated by a space.</param>
    public TranslatedSegment Finished(bool separated)
    {
        if (!Sentences.Any(sentence => sentence.HasText))
        {
            return new TranslatedSegment(_segment, []);
        }

        var finished = Sentences.Select(sentence => sentence.Finished(_notes)).ToList();
        var text = MarkupPlacement.Of(_source, new TargetText(_source, finished, separated));
        return PlaceholderCounts.Same(_segment.Plain, text.Plain)
            ? new TranslatedSegment(text, [.. _notes.Distinct()])
            : new TranslatedSegment(_segment, [SentenceDraft.LostPlaceholders]);
    }

    private IReadOnlyList<TextRange> Bounded(
        TextRange sentence,
        LongSentences? bound,
        IReadOnlyList<TextRange> placeholders
    )
    {
        if (bound is null)
        {
            return [sentence];
        }

        var parts = Whole(bound.Parts(_source.Text, sentence), placeholders);
        if (parts.Count > 1)
        {
            _notes.Add(
                FormattableString.Invariant($"sentence: longer than {bound.Most} subwords, ")
                    + FormattableString.Invariant($"translated in {parts.Count} parts")
            );
        }

        return parts;
    }

    /// <summary>Ranges joined where a placeholder is in two of them.</summary>
    private static List<TextRange> Whole(IReadOnlyList<TextRange> ranges, IReadOnlyList<TextRange> placeholders)
    {
        var whole = new List<TextRange>();
        var placeholder = 0;
        foreach (var range in ranges)
        {
            while (placeholder < placeholders.Count && placeholders[placeholder].End <= range.Start)
            {
                placeholder++;
            }

            if (whole.Count > 0 && placeholder < placeholders.Count && placeholders[placeholder].Start < whole[^1].End)
            {
                whole[^1] = whole[^1] with { End = range.End };
            }
            else
            {
                whole.Add(range);
            }
        }

        return whole;
    }
}
