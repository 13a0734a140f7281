using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>The markup of a segment as a tree.</summary>
internal static class MarkupTree
{
    /// <summary>
    /// The outermost markup in the source's order. An opening without its closing part, or the other way round, is a
    /// piece by itself; so is a pair that crosses another.
    /// </summary>
    public static IReadOnlyList<MarkupNode> Of(IReadOnlyList<PlacedTag> tags)
    {
        var closings = Closings(tags);
        var root = new MarkupNode { First = default };
        var open = new Stack<(MarkupNode Node, int Closing)>([(root, -1)]);
        foreach (var (index, tag) in tags.Index())
        {
            if (open.Peek() is var (node, closing) && index == closing)
            {
                node.Last = tag.Part;
                node.Source = node.Source with { End = tag.Place };
                open.Pop();
                continue;
            }

            var added = new MarkupNode { First = tag.Part, Source = new TextRange(tag.Place, tag.Place) };
            open.Peek().Node.Children.Add(added);
            if (closings.TryGetValue(index, out var end))
            {
                open.Push((added, end));
            }
        }

        return root.Children;
    }

    /// <summary>The closing part of each opening that has one and crosses no other pair.</summary>
    private static Dictionary<int, int> Closings(IReadOnlyList<PlacedTag> tags)
    {
        var closings = new Dictionary<int, int>();
        var open = new List<int>();
        foreach (var (index, tag) in tags.Index())
        {
            if (tag.Part.Kind == PartKind.Opening)
            {
                open.Add(index);
            }
            else if (tag.Part.Kind == PartKind.Closing)
            {
                var opening = open.FindLastIndex(candidate => tags[candidate].Part.Tag == tag.Part.Tag);
                if (opening >= 0)
                {
                    closings.Add(open[opening], index);
                    open.RemoveRange(opening, open.Count - opening);
                }
            }
        }

        return closings;
    }
}
