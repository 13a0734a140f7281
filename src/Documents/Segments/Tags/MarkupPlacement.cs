using System.Text;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>
/// Puts markup where the words that it enclosed went. Each piece is written exactly once and pairs stay nested as they
/// were, whatever the alignment says: it only moves their places.
/// </summary>
internal static class MarkupPlacement
{
    /// <summary>A translation with the markup of its source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The translation.</param>
    public static MarkedText Of(SourceText source, TargetText target)
    {
        var nodes = MarkupTree.Of(source.Tags);
        var pairs = new PairPlacement(source, target);
        var pieces = new PiecePlacement(source, target);
        var placeholders = target.Placeholders;
        foreach (var node in nodes)
        {
            Place(node, pairs, pieces, placeholders);
        }

        Arrange(nodes, new TextRange(0, target.Text.Length), target.Text);
        return new MarkedText(new Writer(target).Written(nodes));
    }

    private static void Place(
        MarkupNode node,
        PairPlacement pairs,
        PiecePlacement pieces,
        IReadOnlyList<TextRange> placeholders
    )
    {
        var found =
            node.Last is not null && pairs.Encloses(node.Source) ? pairs.Place(node.Source) : pieces.Place(node);
        node.Target = OutsideOfPlaceholders(found, placeholders);
        foreach (var child in node.Children)
        {
            if (node.Source.Length > 0)
            {
                Place(child, pairs, pieces, placeholders);
            }
            else
            {
                child.Target = node.Target;
            }

            node.Target = new TextRange(
                Math.Min(node.Target.Start, child.Target.Start),
                Math.Max(node.Target.End, child.Target.End)
            );
        }
    }

    /// <summary>Markup that would be inside a placeholder goes around it, or before it.</summary>
    private static TextRange OutsideOfPlaceholders(TextRange range, IReadOnlyList<TextRange> placeholders)
    {
        foreach (var placeholder in placeholders)
        {
            var isPoint = range.Length == 0;
            var start = IsInside(range.Start, placeholder) ? placeholder.Start : range.Start;
            var end = IsInside(range.End, placeholder) && !isPoint ? placeholder.End : Math.Max(start, range.End);
            range = new TextRange(start, isPoint ? start : end);
        }

        return range;
    }

    private static bool IsInside(int place, TextRange range) => range.Start < place && place < range.End;

    /// <summary>Makes siblings follow one another inside their parent, and so on inside each of them.</summary>
    private static void Arrange(IReadOnlyList<MarkupNode> siblings, TextRange parent, string text)
    {
        var ordered = InOrder(siblings);
        MarkupNode? previous = null;
        foreach (var node in ordered)
        {
            var start = Math.Clamp(node.Target.Start, parent.Start, parent.End);
            var end = Math.Clamp(node.Target.End, start, parent.End);
            if (previous is not null && start < previous.Target.End)
            {
                if (start > previous.Target.Start)
                {
                    previous.Target = previous.Target with { End = BeforeSpace(text, previous.Target.Start, start) };
                }
                else
                {
                    start = AfterSpace(text, previous.Target.End, parent.End);
                    end = Math.Max(start, end);
                }
            }

            node.Target = new TextRange(start, end);
            previous = node;
        }

        foreach (var node in ordered)
        {
            Arrange(node.Children, node.Target, text);
        }
    }

    private static List<MarkupNode> InOrder(IReadOnlyList<MarkupNode> siblings) =>
        [.. siblings.OrderBy(node => node.Target.Start).ThenBy(node => node.Target.End)];

    private static int BeforeSpace(string text, int from, int place)
    {
        while (place > from && char.IsWhiteSpace(text[place - 1]))
        {
            place--;
        }

        return place;
    }

    private static int AfterSpace(string text, int place, int to)
    {
        while (place < to && char.IsWhiteSpace(text[place]))
        {
            place++;
        }

        return place;
    }

    /// <summary>Writes text and markup in turn.</summary>
    private sealed class Writer(TargetText target)
    {
        private readonly List<TextPart> _parts = [];
        private readonly StringBuilder _text = new();

        public IReadOnlyList<TextPart> Written(IReadOnlyList<MarkupNode> nodes)
        {
            Write(nodes, new TextRange(0, target.Text.Length));
            Flush();
            return _parts;
        }

        private void Write(IReadOnlyList<MarkupNode> nodes, TextRange range)
        {
            var place = range.Start;
            foreach (var node in InOrder(nodes))
            {
                Append(new TextRange(place, node.Target.Start));
                _text.Append(node.Space.Before);
                Add(node.First);
                if (node.Last is { } last)
                {
                    Write(node.Children, node.Target);
                    Add(last);
                }

                _text.Append(node.Space.After);
                place = node.Target.End;
            }

            Append(new TextRange(place, range.End));
        }

        private void Append(TextRange range)
        {
            for (var place = range.Start; place < range.End; place++)
            {
                if (!target.IsDropped(place))
                {
                    _text.Append(target.Text[place]);
                }
            }
        }

        private void Add(TextPart tag)
        {
            Flush();
            _parts.Add(tag);
        }

        private void Flush()
        {
            if (_text.Length > 0)
            {
                _parts.Add(TextPart.Of(_text.ToString()));
                _text.Clear();
            }
        }
    }
}
