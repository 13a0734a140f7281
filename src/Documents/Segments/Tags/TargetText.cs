using System.Text;
using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>
/// The translation of a segment without its markup: translated sentences with the source's white space between them.
/// </summary>
internal sealed class TargetText
{
    private readonly string _source;
    private readonly IReadOnlyList<AlignedText> _sentences;
    private readonly List<TextRange> _targets = [];
    private readonly HashSet<int> _dropped = [];

    /// <summary>The translation of a text.</summary>
    /// <param name="source">The source.</param>
    /// <param name="sentences">Its sentences in their order; all else in it is white space.</param>
    /// <param name="separated">
    /// Whether sentences that touch in the source have a space between them in the translation.
    /// </param>
    public TargetText(SourceText source, IReadOnlyList<AlignedText> sentences, bool separated)
    {
        (_source, _sentences) = (source.Text, sentences);
        var text = new StringBuilder();
        var place = 0;
        foreach (var sentence in sentences)
        {
            if (separated && place == sentence.Source.Start && place > 0 && sentence.Text.Length > 0)
            {
                text.Append(' ');
            }

            Copy(source, new TextRange(place, sentence.Source.Start), text);
            _targets.Add(new TextRange(text.Length, text.Length + sentence.Text.Length));
            if (sentence.IsSame)
            {
                Drop(source, sentence.Source, text.Length);
            }

            text.Append(sentence.Text);
            place = sentence.Source.End;
        }

        Copy(source, new TextRange(place, _source.Length), text);
        Text = text.ToString();
        Placeholders =
        [
            .. PlaceholderFinder
                .Find(Text)
                .Where(range => !_targets.Index().Any(one => _sentences[one.Index].IsSame && Has(one.Item, range))),
        ];
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The placeholders in sentences that are translated.</summary>
    public IReadOnlyList<TextRange> Placeholders { get; }

    /// <summary>Whether a character of the text is not written.</summary>
    public bool IsDropped(int place) => _dropped.Contains(place);

    /// <summary>How many sentences there are.</summary>
    public int Count => _sentences.Count;

    /// <summary>A sentence.</summary>
    public AlignedText Sentence(int sentence) => _sentences[sentence];

    /// <summary>Where a sentence is in the text.</summary>
    public TextRange Target(int sentence) => _targets[sentence];

    /// <summary>The words of a sentence, ranges in the text.</summary>
    public IReadOnlyList<AlignedWord> Words(int sentence) =>
        [
            .. _sentences[sentence]
                .Words.Select(word => word with { Range = Shifted(word.Range, _targets[sentence].Start) }),
        ];

    /// <summary>The sentence that a place of the source is inside of; null at its ends and between sentences.</summary>
    public int? Inside(int place)
    {
        var sentence = FirstThatEndsAfter(place);
        return sentence < Count && _sentences[sentence].Source.Start < place ? sentence : null;
    }

    /// <summary>The sentences that have a part of a range of the source.</summary>
    public TextRange Touched(TextRange range)
    {
        var first = FirstThatEndsAfter(range.Start);
        var end = first;
        while (end < Count && _sentences[end].Source.Start < range.End)
        {
            end++;
        }

        return new TextRange(first, end);
    }

    /// <summary>
    /// The place in the text for a place of the source between sentences or at the end of one, or for any in a sentence
    /// that stays as it is.
    /// </summary>
    /// <param name="place">The place in the source.</param>
    /// <param name="isEnd">Whether something ends there: where two sentences touch, that is with the first.</param>
    public int At(int place, bool isEnd)
    {
        var next = FirstThatEndsAfter(place);
        if (next < Count && _sentences[next].Source.Start < place)
        {
            return _targets[next].Start + (place - _sentences[next].Source.Start);
        }

        return next < Count && (!isEnd || next == 0 || _sentences[next - 1].Source.End < place)
                ? _targets[next].Start - (_sentences[next].Source.Start - place)
            : next > 0 ? _targets[next - 1].End + (place - _sentences[next - 1].Source.End)
            : place;
    }

    /// <summary>Leaves out white space between two words, unless a placeholder would run into its neighbor.</summary>
    public void Drop(TextRange space)
    {
        if (!Placeholders.Any(one => one.Start <= space.End && space.Start <= one.End))
        {
            _dropped.UnionWith(Enumerable.Range(space.Start, space.Length));
        }
    }

    private int FirstThatEndsAfter(int place)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sentences[middle].Source.End > place ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void Copy(SourceText source, TextRange gap, StringBuilder text)
    {
        Drop(source, gap, text.Length);
        text.Append(_source, gap.Start, gap.Length);
    }

    /// <summary>Spaces that were only added for the translator are not written.</summary>
    private void Drop(SourceText source, TextRange copied, int target)
    {
        foreach (var added in source.Added.Where(place => copied.Start <= place && place < copied.End))
        {
            _dropped.Add(target + added - copied.Start);
        }
    }

    private static bool Has(TextRange outer, TextRange inner) => outer.Start <= inner.Start && inner.End <= outer.End;

    private static TextRange Shifted(TextRange range, int by) => new(range.Start + by, range.End + by);
}
