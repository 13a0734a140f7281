using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>
/// Finds where markup without text goes, such as a picture: next to the word that it touches, or before the word that
/// followed it.
/// </summary>
internal sealed class PiecePlacement(SourceText source, TargetText target)
{
    /// <summary>Where the markup goes; what white space it needs or makes superfluous is noted.</summary>
    public TextRange Place(MarkupNode node)
    {
        if (node.Source.Length > 0)
        {
            // A pair with white space.
            return target.Inside(node.Source.Start) is { } within && !target.Sentence(within).IsSame
                ? Point(InSentence(node, within))
                : new TextRange(target.At(node.Source.Start, false), target.At(node.Source.End, true));
        }

        var place = node.Source.Start;
        return target.Inside(place) is { } sentence && !target.Sentence(sentence).IsSame
            ? Point(InSentence(node, sentence))
            : Point(target.At(place, isEnd: node.First.Kind == PartKind.Closing));
    }

    private static TextRange Point(int place) => new(place, place);

    private int InSentence(MarkupNode node, int sentence)
    {
        var (place, whole, words) = (node.Source.Start, target.Sentence(sentence).Source, target.Words(sentence));
        if (words.Count == 0)
        {
            return target.Target(sentence).Start;
        }

        var sources = Words.Of(source.Text, whole);
        var previous = sources.LastOrDefault(word => word.Start < place);
        var next = sources.FirstOrDefault(word => word.Start >= place);
        var touchesPrevious = previous.End >= place;
        if (source.Added.Contains(place))
        {
            return Instead(words, previous, next, sentence);
        }

        if (touchesPrevious)
        {
            return AfterWord(words, previous, place);
        }

        if (!Words.HasCore(source.Text, next) && next.End == whole.End)
        {
            return BeforeEnd(node, sentence, words);
        }

        node.Space = ("", next.Start == place || !Shows(node) ? "" : " ");
        return words[WordBefore(words, next)].Range.Start;
    }

    /// <summary>In place of the white space between two words that only the markup separates.</summary>
    private int Instead(IReadOnlyList<AlignedWord> words, TextRange previous, TextRange next, int sentence)
    {
        var (before, after) = (WordBefore(words, previous), WordBefore(words, next));
        var word = Math.Max(before, after) is var later and > 0 ? later : 1;
        if (word >= words.Count)
        {
            return target.Target(sentence).End;
        }

        target.Drop(new TextRange(words[word - 1].Range.End, words[word].Range.Start));
        return words[word].Range.Start;
    }

    private int AfterWord(IReadOnlyList<AlignedWord> words, TextRange previous, int place)
    {
        var aligned = words.Index().Where(word => Has(word.Item, previous)).Select(word => word.Index).ToList();
        var range = words[aligned.Count > 0 ? aligned[^1] : Nearest(words, previous)].Range;
        var rest = new TextRange(place, previous.End);
        var outside = rest.Length > 0 && !Words.HasCore(source.Text, rest) ? rest.Length : 0;
        var endsWithPunctuation = Words.Trailing(source.Text, previous with { End = place }) > 0;
        var trailing = Words.Trailing(target.Text, range);
        return range.End
            - (
                outside > 0 ? Math.Min(outside, trailing)
                : endsWithPunctuation ? 0
                : trailing
            );
    }

    /// <summary>Before the punctuation at the end of a sentence.</summary>
    private int BeforeEnd(MarkupNode node, int sentence, IReadOnlyList<AlignedWord> words)
    {
        var end = target.Target(sentence).End - Words.Trailing(target.Text, words[^1].Range);
        var separate = Shows(node) && end > target.Target(sentence).Start && !char.IsWhiteSpace(target.Text[end - 1]);
        node.Space = (separate ? " " : "", "");
        return end;
    }

    /// <summary>Whether it may be something to see, which takes the place of a word, and not only a mark.</summary>
    private static bool Shows(MarkupNode node) => node.First.Kind == PartKind.Alone || node.Children.Exists(Shows);

    private static int WordBefore(IReadOnlyList<AlignedWord> words, TextRange next)
    {
        var aligned = words.Index().Where(word => Has(word.Item, next)).Select(word => word.Index).ToList();
        return aligned.Count > 0 ? aligned[0] : Nearest(words, next);
    }

    private static int Nearest(IReadOnlyList<AlignedWord> words, TextRange to)
    {
        var aligned = words.Index().Where(word => word.Item.Sources.Count > 0).ToList();
        return aligned.Count == 0
            ? words.Count - 1
            : aligned.MinBy(word => word.Item.Sources.Min(origin => Math.Abs(origin.Start - to.Start))).Index;
    }

    private static bool Has(AlignedWord word, TextRange origin) =>
        word.Sources.Any(one => one.Start < origin.End && origin.Start < one.End);
}
