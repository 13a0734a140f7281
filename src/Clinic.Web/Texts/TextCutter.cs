using System.Collections.Concurrent;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>Cuts texts into what is translated at once; the pieces in a row are the text again.</summary>
/// <param name="rules">The rules that sentences are found by.</param>
internal sealed class TextCutter(SegmentationRules rules)
{
    private readonly ConcurrentDictionary<string, SentenceSplitter> _splitters = new(StringComparer.Ordinal);

    /// <summary>The rules of a language.</summary>
    public SentenceSplitter SplitterFor(string language) => _splitters.GetOrAdd(language, rules.For);

    /// <summary>The pieces of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="split">What of it is translated as one sentence.</param>
    /// <param name="model">
    /// The model that translates: its language decides the rules, and sentences that are too long for it are split.
    /// </param>
    public IReadOnlyList<TextPiece> Cut(string text, TextSplit split, ServedModel model) =>
        split switch
        {
            TextSplit.Sentences => [.. Between(text, Sentences(text, model))],
            TextSplit.LineSentences => [.. Between(text, LineSentences(text, model))],
            TextSplit.Lines => [.. Between(text, Lines(text))],
            TextSplit.None => [new TextPiece(text, IsSentence: true)],
            _ => throw new ArgumentOutOfRangeException(nameof(split)),
        };

    private IEnumerable<TextRange> Sentences(string text, ServedModel model) =>
        SplitterFor(model.SourceLanguage).Split(text).SelectMany(sentence => model.Bound.Parts(text, sentence));

    private IEnumerable<TextRange> LineSentences(string text, ServedModel model) =>
        Lines(text)
            .SelectMany(line =>
                Sentences(line.Of(text), model)
                    .Select(sentence => new TextRange(line.Start + sentence.Start, line.Start + sentence.End))
            );

    private static IEnumerable<TextRange> Lines(string text)
    {
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOfAny(['\r', '\n'], start);
            end = end < 0 ? text.Length : end;
            if (end > start)
            {
                yield return new TextRange(start, end);
            }

            start = end + 1;
        }
    }

    /// <summary>The ranges as sentences, and what is between them.</summary>
    private static IEnumerable<TextPiece> Between(string text, IEnumerable<TextRange> sentences)
    {
        var end = 0;
        foreach (var sentence in sentences)
        {
            if (sentence.Start > end)
            {
                yield return new TextPiece(text[end..sentence.Start], IsSentence: false);
            }

            yield return new TextPiece(sentence.Of(text), IsSentence: true);
            end = sentence.End;
        }

        if (end < text.Length)
        {
            yield return new TextPiece(text[end..], IsSentence: false);
        }
    }
}
