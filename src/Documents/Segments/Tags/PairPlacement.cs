using System.Globalization;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>Finds where pairs of markup go: around the words that are aligned with those which they enclosed.</summary>
internal sealed class PairPlacement(SourceText source, TargetText target)
{
    private const int MostLettersOfASmallWord = 4;

    /// <summary>Whether a range of the source has more in it than white space.</summary>
    public bool Encloses(TextRange range) => range.Trimmed(source.Text).Length > 0;

    /// <summary>Where what was around a range of the source goes.</summary>
    public TextRange Place(TextRange range)
    {
        var touched = target.Touched(range.Trimmed(source.Text));
        var (first, last) = (touched.Start, touched.End - 1);
        var start = IsExact(first, range) ? target.At(range.Start, isEnd: false) : Inside(first, range).Start;
        var end = IsExact(last, range) ? target.At(range.End, isEnd: true) : Inside(last, range).End;
        return new TextRange(start, Math.Max(start, end));
    }

    /// <summary>Whether places need not be looked for: the sentence is enclosed, or is not translated.</summary>
    private bool IsExact(int sentence, TextRange range)
    {
        var whole = target.Sentence(sentence).Source;
        return target.Sentence(sentence).IsSame || (range.Start <= whole.Start && whole.End <= range.End);
    }

    /// <summary>
    /// Where the part of a range that is in a sentence goes: of all stretches of words the one with the most words that
    /// are aligned with the range after subtracting those that are aligned with others.
    /// </summary>
    private TextRange Inside(int sentence, TextRange range)
    {
        var whole = target.Sentence(sentence).Source;
        var part = new TextRange(Math.Max(range.Start, whole.Start), Math.Min(range.End, whole.End));
        var enclosed = Core(part.Trimmed(source.Text));
        var words = target.Words(sentence);
        if (words.Count == 0)
        {
            return target.Target(sentence);
        }

        var (from, to) =
            BestStretch([.. words.Select(word => Weight(word, enclosed))]) ?? Nearest(words, enclosed, whole);
        from += Strangers(words, from, to, enclosed, whole);
        return Trimmed(part.Trimmed(source.Text), words[from].Range, words[to].Range);
    }

    /// <summary>The range without punctuation at its ends, which belongs to words that may be outside it.</summary>
    private TextRange Core(TextRange range) =>
        Words.HasCore(source.Text, range)
            ? new TextRange(
                range.Start + Words.Leading(source.Text, range),
                range.End - Words.Trailing(source.Text, range)
            )
            : range;

    private static double Weight(AlignedWord word, TextRange enclosed) =>
        word.Sources.Count == 0
            ? 0
            : word.Sources.Average(origin => origin.Start < enclosed.End && enclosed.Start < origin.End ? 1.0 : -1.0);

    /// <summary>The stretch with the largest sum; of equal ones the first, and the longest of those.</summary>
    private static (int From, int To)? BestStretch(double[] weights)
    {
        (int, int)? best = null;
        var (bestSum, sum, from) = (0.0, 0.0, 0);
        for (var to = 0; to < weights.Length; to++)
        {
            if (sum <= 0)
            {
                (sum, from) = (0, to);
            }

            sum += weights[to];
            if (sum > bestSum)
            {
                (bestSum, best) = (sum, (from, to));
            }
        }

        return best;
    }

    /// <summary>
    /// How many words at the beginning of a stretch are rather those of words before the range: attention aligns an
    /// article with its noun, so that "the" in "the file" would follow <c>Datei</c> out of <c>die Datei</c>. They are
    /// short and not the only ones that are aligned with their word, and the words before the range are aligned with
    /// nothing, although its own first word is.
    /// </summary>
    private int Strangers(IReadOnlyList<AlignedWord> words, int from, int to, TextRange enclosed, TextRange sentence)
    {
        var sources = Words.Of(source.Text, sentence);
        var inside = sources.Index().First(word => word.Item.End > enclosed.Start).Index;
        if (!IsAligned(sources[inside]))
        {
            return 0;
        }

        var orphans = sources.Take(inside).Reverse().TakeWhile(word => !IsAligned(word)).Count();
        return Enumerable
            .Range(from, Math.Min(Math.Min(orphans, 2), to - from))
            .TakeWhile(word => IsSmall(words[word]) && IsShared(word))
            .Count();

        bool IsShared(int word) =>
            words.Take(to + 1).Skip(word + 1).Any(later => later.Sources.Intersect(words[word].Sources).Any());
        bool IsAligned(TextRange origin) => words.Any(word => word.Sources.Contains(origin));
    }

    private bool IsSmall(AlignedWord word) =>
        word.Range.Length <= MostLettersOfASmallWord
        && word.Range.Of(target.Text).All(letter => char.GetUnicodeCategory(letter) == UnicodeCategory.LowercaseLetter);

    /// <summary>
    /// The word that is aligned with what is nearest to the range, for a range that no word is aligned with; the word
    /// at the same share of the sentence if there is no alignment.
    /// </summary>
    private static (int From, int To) Nearest(IReadOnlyList<AlignedWord> words, TextRange enclosed, TextRange sentence)
    {
        var aligned = words.Index().Where(word => word.Item.Sources.Count > 0).ToList();
        var word =
            aligned.Count > 0
                ? aligned.MinBy(word => word.Item.Sources.Min(origin => Distance(origin, enclosed))).Index
                : (int)((long)(enclosed.Start - sentence.Start) * words.Count / Math.Max(1, sentence.Length));
        return (word, word);
    }

    private static int Distance(TextRange one, TextRange other) =>
        Math.Max(0, Math.Max(one.Start - other.End, other.Start - one.End));

    /// <summary>
    /// From the first word to the last one; punctuation at their ends is left outside if it is outside in the source.
    /// </summary>
    private TextRange Trimmed(TextRange part, TextRange first, TextRange last)
    {
        var leading = Math.Min(Words.Leading(target.Text, first), Outside(part.Start, -1) ?? int.MaxValue);
        var trailing = Math.Min(Words.Trailing(target.Text, last), Outside(part.End, 1) ?? int.MaxValue);
        leading = Words.Leading(source.Text, part) > 0 && Outside(part.Start, -1) is null ? 0 : leading;
        trailing = Words.Trailing(source.Text, part) > 0 && Outside(part.End, 1) is null ? 0 : trailing;
        var (start, end) = (first.Start + leading, last.End - trailing);
        return start < end ? new TextRange(start, end) : new TextRange(first.Start, last.End);
    }

    /// <summary>
    /// How much punctuation directly follows a place outward; null if none does.
    /// </summary>
    private int? Outside(int place, int direction)
    {
        var (count, at) = (0, direction < 0 ? place - 1 : place);
        while (at >= 0 && at < source.Text.Length && !IsWordOrSpace(source.Text[at]))
        {
            (count, at) = (count + 1, at + direction);
        }

        return count == 0 ? null : count;
    }

    private static bool IsWordOrSpace(char sign) => char.IsLetterOrDigit(sign) || char.IsWhiteSpace(sign);
}
