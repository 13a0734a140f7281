using System.Text;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>A paragraph: its segments, and how it is written with their translations.</summary>
internal sealed class WordParagraph
{
    private readonly string _prefix;
    private readonly IReadOnlyList<WordSegment> _all;
    private readonly Dictionary<WordItem, WordItem> _ends;

    /// <param name="start">The paragraph's first character in the part.</param>
    /// <param name="end">The character after its last.</param>
    /// <param name="from">Where its content begins, after its properties.</param>
    /// <param name="to">Where its content ends.</param>
    /// <param name="prefix">The prefix of Word's elements, with the colon.</param>
    /// <param name="items">The pieces of its content.</param>
    public WordParagraph(int start, int end, int from, int to, string prefix, IReadOnlyList<WordItem> items)
    {
        (Start, End, From, To, _prefix) = (start, end, from, to, prefix);
        _ends = Ends(items);
        _all = [.. Divided(items).Select(pieces => new WordSegment(pieces))];
        Segments = [.. _all.Where(segment => segment.Text.Parts.Count > 0).Select(segment => segment.Text)];
    }

    /// <summary>Its first character in the part.</summary>
    public int Start { get; }

    /// <summary>The character after its last.</summary>
    public int End { get; }

    /// <summary>Where its content begins.</summary>
    public int From { get; }

    /// <summary>Where its content ends.</summary>
    public int To { get; }

    /// <summary>What is translated.</summary>
    public IReadOnlyList<MarkedText> Segments { get; }

    /// <summary>Whether translations change anything.</summary>
    /// <param name="translations">One for each segment.</param>
    public bool IsChanged(IReadOnlyList<MarkedText> translations) =>
        !Segments.Zip(translations).All(pair => SameText.Are(pair.First, pair.Second));

    /// <summary>The content with translations.</summary>
    /// <param name="translations">One for each segment.</param>
    /// <param name="kept">What is kept between two places of the part.</param>
    public string Content(IReadOnlyList<MarkedText> translations, Func<int, int, string> kept)
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var segment in _all)
        {
            var translation = segment.Text.Parts.Count > 0 ? translations[at++] : null;
            Append(result, segment, translation, kept);
        }

        return result.ToString();
    }

    private void Append(StringBuilder result, WordSegment segment, MarkedText? translation, Func<int, int, string> kept)
    {
        var formats = new Stack<string>([segment.Format]);
        foreach (var part in SameText.Joined(segment.Parts(translation)))
        {
            var item = part.Kind == PartKind.Text ? null : segment.Item(part.Tag);
            switch (part.Kind)
            {
                case PartKind.Text:
                    result.Append(Run(formats.Peek(), Text(part.Text)));
                    break;
                case PartKind.Opening when item!.Kind == WordItemKind.Text:
                    formats.Push(item.Format);
                    break;
                case PartKind.Closing when item!.Kind == WordItemKind.Text:
                    formats.Pop();
                    break;
                case PartKind.Opening:
                    result.Append(kept(item!.Start, item.End));
                    break;
                case PartKind.Closing:
                    result.Append(kept(_ends[item!].Start, _ends[item].End));
                    break;
                default:
                    var slice = kept(item!.Start, item.End);
                    result.Append(item.InRun ? Run(item.Format, slice) : slice);
                    break;
            }
        }
    }

    private string Run(string format, string content) => $"<{_prefix}r>{format}{content}</{_prefix}r>";

    private string Text(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        var space = line.Length > 0 && (line[0] == ' ' || line[^1] == ' ') ? " xml:space=\"preserve\"" : "";
        return $"<{_prefix}t{space}>{XmlSource.Escaped(line)}</{_prefix}t>";
    }

    /// <summary>The end of each container.</summary>
    private static Dictionary<WordItem, WordItem> Ends(IReadOnlyList<WordItem> items)
    {
        var ends = new Dictionary<WordItem, WordItem>();
        var open = new Stack<WordItem>();
        foreach (var item in items)
        {
            if (item.Kind == WordItemKind.Opening)
            {
                open.Push(item);
            }
            else if (item.Kind == WordItemKind.Closing)
            {
                ends[open.Pop()] = item;
            }
        }

        return ends;
    }

    /// <summary>The pieces between the places where sentences end; what is there is a division by itself.</summary>
    private static IEnumerable<IReadOnlyList<WordItem>> Divided(IReadOnlyList<WordItem> items)
    {
        var pieces = new List<WordItem>();
        var depth = 0;
        foreach (var (i, item) in items.Index())
        {
            depth += item.Kind switch
            {
                WordItemKind.Opening => 1,
                WordItemKind.Closing => -1,
                _ => 0,
            };
            var ends =
                depth == 0
                && (
                    item.Kind == WordItemKind.Boundary
                    || (
                        item.Kind == WordItemKind.LineBreak
                        && !SentenceFlow.SurelyContinues(
                            LastText(pieces),
                            TextOf(items.Skip(i + 1).TakeWhile(IsInside))
                        )
                    )
                );
            if (ends)
            {
                yield return pieces;
                yield return [item];
                pieces = [];
            }
            else
            {
                pieces.Add(item);
            }
        }

        yield return pieces;
    }

    private static bool IsInside(WordItem item) => item.Kind is not (WordItemKind.Boundary or WordItemKind.LineBreak);

    private static string LastText(List<WordItem> items) =>
        items.FindLast(item => !string.IsNullOrWhiteSpace(item.Text))?.Text ?? "";

    private static string TextOf(IEnumerable<WordItem> items) => string.Concat(items.Select(item => item.Text));
}
