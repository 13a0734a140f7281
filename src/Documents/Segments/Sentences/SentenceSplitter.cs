using System.Diagnostics;
using System.Text.RegularExpressions;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Finds the sentences of a text by the rules of a language. Whatever is between two sentences, before the first and
/// after the last one is white space, so that sentences and white space together are the text, byte for byte. Two line
/// breaks, with at most white space between them, end a sentence; a single one does not.
/// </summary>
internal sealed partial class SentenceSplitter
{
    private static readonly TimeSpan PerCharacter = TimeSpan.FromMicroseconds(20);

    private readonly string _name;
    private readonly IReadOnlyList<SrxRule> _rules;
    private readonly TimeSpan _patience;

    /// <summary>A splitter by rules; <see cref="SegmentationRules.For"/> makes it.</summary>
    /// <param name="name">The name of the rules' file in messages.</param>
    /// <param name="rules">The rules in their order; the first that matches at a place decides.</param>
    /// <param name="patience">
    /// How long a match may take; a paragraph may take a little longer for each of its characters.
    /// </param>
    internal SentenceSplitter(string name, IReadOnlyList<SrxRule> rules, TimeSpan patience) =>
        (_name, _rules, _patience) = (name, rules, patience);

    /// <summary>A splitter that takes each paragraph as one sentence.</summary>
    public static SentenceSplitter Paragraphs() => new("", [], TimeSpan.Zero);

    /// <summary>The sentences of a text, in their order, none of them empty.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="UserErrorException">A rule takes too long.</exception>
    public IReadOnlyList<TextRange> Split(string text)
    {
        var sentences = new List<TextRange>();
        var start = 0;
        foreach (var gap in BlankLines().EnumerateMatches(text))
        {
            AddParagraph(text, new TextRange(start, gap.Index), sentences);
            start = gap.Index + gap.Length;
        }

        AddParagraph(text, new TextRange(start, text.Length), sentences);
        return sentences;
    }

    private void AddParagraph(string text, TextRange range, List<TextRange> sentences)
    {
        var paragraph = range.Of(text);
        var start = 0;
        foreach (var end in Breaks(paragraph).Append(paragraph.Length))
        {
            var sentence = new TextRange(start, end).Trimmed(paragraph);
            if (sentence.Length > 0)
            {
                sentences.Add(new TextRange(range.Start + sentence.Start, range.Start + sentence.End));
            }

            start = end;
        }
    }

    /// <summary>
    /// The places of breaks: only where a rule that breaks matches are the rules before it asked, so that a long list
    /// of exceptions costs little.
    /// </summary>
    private List<int> Breaks(string paragraph)
    {
        var clock = Stopwatch.StartNew();
        var time = _patience + (paragraph.Length * PerCharacter);
        var breaking = new Dictionary<int, int>();
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            if (_rules[rule].Breaks)
            {
                foreach (var place in Tried(rule, paragraph, one => one.Places(paragraph, IsInTime)))
                {
                    breaking.TryAdd(place, rule);
                }
            }
        }

        return
        [
            .. breaking
                .OrderBy(pair => pair.Key)
                .Where(pair => !IsExcepted(pair.Key, pair.Value) && !SplitsCharacter(paragraph, pair.Key))
                .Select(pair => pair.Key),
        ];

        bool IsInTime() => clock.Elapsed <= time;

        bool IsExcepted(int place, int breaker) =>
            Enumerable
                .Range(0, breaker)
                .Any(rule =>
                    !_rules[rule].Breaks && Tried(rule, paragraph, one => one.MatchesAt(paragraph, place, IsInTime))
                );
    }

    private T Tried<T>(int rule, string paragraph, Func<SrxRule, T> work)
    {
        try
        {
            return work(_rules[rule]);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new UserErrorException(
                FormattableString.Invariant(
                    $"{_name}: the rules take more than {_patience.TotalSeconds} s for a text of "
                )
                    + FormattableString.Invariant($"{paragraph.Length} characters; the last one tried was ")
                    + $"{_rules[rule].Place}. Write it so that repetitions are not inside repetitions.",
                exception
            );
        }
    }

    private static bool SplitsCharacter(string text, int place) =>
        place > 0 && place < text.Length && char.IsSurrogatePair(text[place - 1], text[place]);

    [GeneratedRegex(
        @"\s*?(?:\u2029|(?:\r\n|[\n\r\u0085\u2028])[^\S\n\r\u0085\u2028\u2029]*(?:\r\n|[\n\r\u0085\u2028]))\s*"
    )]
    private static partial Regex BlankLines();
}
