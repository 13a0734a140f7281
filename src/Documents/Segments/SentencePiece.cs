using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Documents.Segments.Tags;

namespace TransformerClinic.Documents.Segments;

/// <summary>What is sent to be translated: a sentence, or a part of one, and the answer to it.</summary>
/// <param name="Range">Where it is in the segment's text.</param>
/// <param name="Replaced">What is sent in place of the text there.</param>
internal sealed record SentencePiece(TextRange Range, Replaced Replaced)
{
    /// <summary>What is sent: a line.</summary>
    public string Sent => string.Concat(Replaced.Text.Select(letter => char.IsWhiteSpace(letter) ? ' ' : letter));

    /// <summary>The translation; null before there is one.</summary>
    public TranslatedSentence? Answer { get; set; }

    /// <summary>The translation without white space at its ends; null if there is none.</summary>
    public string? Text => Answer is { Problem: null } answer ? answer.Text.Trim() : null;

    /// <summary>Why there is no translation; null if there is one.</summary>
    public string? Problem =>
        Answer is { Problem: { } problem } ? problem
        : string.IsNullOrWhiteSpace(Answer?.Text) ? "the translation is empty"
        : null;

    /// <summary>The words of the translation and where in the segment's text those are that they are aligned with.
    /// </summary>
    public IReadOnlyList<AlignedWord> AlignedWords()
    {
        var sources = Words.Of(Sent).Select(InSegment).ToList();
        var origins = Answer!
            .Alignment.Where(pair => pair.Source >= 0 && pair.Source < sources.Count)
            .ToLookup(pair => pair.Target, pair => sources[pair.Source]);
        return [.. Words.Of(Text!).Select((word, number) => new AlignedWord(word, [.. origins[number].Distinct()]))];
    }

    private TextRange InSegment(TextRange word)
    {
        var before = Replaced.Before(word);
        return new TextRange(Range.Start + before.Start, Range.Start + before.End);
    }
}
