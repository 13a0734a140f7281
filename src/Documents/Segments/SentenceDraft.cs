using System.Text;
using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Documents.Segments.Tags;

namespace TransformerClinic.Documents.Segments;

/// <summary>
/// A sentence on its way. First it is sent with words in place of its placeholders; if they do not all come through,
/// what is between the placeholders is sent by itself, and the placeholders are put between the translations.
/// </summary>
internal sealed class SentenceDraft
{
    /// <summary>The note of a text that stays as it is for the sake of its placeholders.</summary>
    public const string LostPlaceholders = "untranslated: its placeholders would not have come through once each";

    private readonly string _text;
    private readonly ProtectedSentence? _protected;
    private readonly SentencePiece? _whole;
    private List<SentencePiece>? _pieces;

    /// <summary>A sentence of a text.</summary>
    public SentenceDraft(string text, TextRange range)
    {
        (_text, Range) = (text, range);
        var sentence = range.Of(text);
        HasText = Between(range).Any(part => HasLetters(text, part));
        _protected = HasText ? ProtectedSentence.Of(sentence) : null;
        _whole = _protected is null ? null : new SentencePiece(range, _protected.Sent);
    }

    /// <summary>Where it is in the text.</summary>
    public TextRange Range { get; }

    /// <summary>Whether there are letters outside its placeholders: otherwise nothing is translated.</summary>
    public bool HasText { get; }

    /// <summary>What to send first.</summary>
    public IEnumerable<SentencePiece> Wanted() => _whole is null ? [] : [_whole];

    /// <summary>What to send when the first answer is there: nothing if the placeholders came through.</summary>
    public IReadOnlyList<SentencePiece> WantedStill()
    {
        if (!HasText || _whole?.Answer is { Problem: not null } || Restored() is not null)
        {
            return [];
        }

        _pieces =
        [
            .. Between(Range)
                .Where(part => HasLetters(_text, part))
                .Select(part => new SentencePiece(part, Replaced.In(part.Of(_text), []))),
        ];
        return _pieces;
    }

    /// <summary>The translation, when all is answered.</summary>
    /// <param name="notes">Where to note what its reader should know.</param>
    public AlignedText Finished(List<string> notes)
    {
        if (!HasText)
        {
            return AlignedText.Same(_text, Range);
        }

        if (Problem() is { } problem)
        {
            notes.Add($"untranslated: {problem}");
            return AlignedText.Same(_text, Range);
        }

        if (Restored() is { } restored)
        {
            var words = _whole!.AlignedWords();
            return new AlignedText(
                Range,
                restored.Text,
                [.. words.Select(word => word with { Range = restored.After(word.Range) })],
                false
            );
        }

        var joined = Joined();
        if (!PlaceholderCounts.Same(Range.Of(_text), joined.Text))
        {
            notes.Add(LostPlaceholders);
            return AlignedText.Same(_text, Range);
        }

        notes.Add("placeholders: reinserted");
        return joined;
    }

    private string? Problem() =>
        _pieces is null
            ? _whole?.Problem
            : _pieces.Select(piece => piece.Problem).FirstOrDefault(problem => problem is not null);

    private Replaced? Restored() => _whole?.Text is { } text ? _protected!.Restored(text) : null;

    private AlignedText Joined()
    {
        var (text, words, place) = (new StringBuilder(), new List<AlignedWord>(), Range.Start);
        foreach (var piece in _pieces!)
        {
            AppendSame(new TextRange(place, piece.Range.Start), text, words);
            var shift = text.Length;
            words.AddRange(
                piece
                    .AlignedWords()
                    .Select(word => word with { Range = new(word.Range.Start + shift, word.Range.End + shift) })
            );
            text.Append(piece.Text);
            place = piece.Range.End;
        }

        AppendSame(new TextRange(place, Range.End), text, words);
        return new AlignedText(Range, text.ToString(), words, false);
    }

    /// <summary>Adds what is not translated; its words are aligned with themselves.</summary>
    private void AppendSame(TextRange part, StringBuilder text, List<AlignedWord> words)
    {
        var shift = text.Length - part.Start;
        words.AddRange(
            Words
                .Of(_text, part)
                .Select(word => new AlignedWord(new TextRange(word.Start + shift, word.End + shift), [word]))
        );
        text.Append(_text, part.Start, part.Length);
    }

    /// <summary>What is between the placeholders, without white space at its ends.</summary>
    private IEnumerable<TextRange> Between(TextRange range)
    {
        var place = range.Start;
        foreach (var placeholder in PlaceholderFinder.Find(range.Of(_text)))
        {
            yield return new TextRange(place, range.Start + placeholder.Start).Trimmed(_text);
            place = range.Start + placeholder.End;
        }

        yield return new TextRange(place, range.End).Trimmed(_text);
    }

    private static bool HasLetters(string text, TextRange part) => part.Of(text).EnumerateRunes().Any(Rune.IsLetter);
}
