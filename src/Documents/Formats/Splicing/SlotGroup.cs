namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>
/// Several lines that are translated as one segment. The translation is divided among them in proportion to their
/// lengths, between words; a line for which no word is left repeats the one before it if it is a cue of its own, and is
/// removed otherwise.
/// </summary>
/// <param name="slots">The lines; at least one.</param>
/// <param name="source">The document's text.</param>
/// <param name="escape">Writes text as the format wants it.</param>
internal sealed class SlotGroup(IReadOnlyList<Slot> slots, string source, Func<string, string> escape)
{
    private readonly Dictionary<(PartKind Kind, int Tag), string> _markup = [];

    /// <summary>The segment.</summary>
    public SourceSegment Segment()
    {
        var parts = new List<TextPart>();
        var tags = 0;
        foreach (var slot in slots)
        {
            if (parts.Count > 0)
            {
                parts.Add(TextPart.Of(" "));
            }

            var first = tags;
            foreach (var part in slot.Parts)
            {
                if (part.Part.Kind == PartKind.Text)
                {
                    parts.Add(part.Part);
                    continue;
                }

                var numbered = part.Part with { Tag = first + part.Part.Tag };
                tags = Math.Max(tags, numbered.Tag + 1);
                _markup[(numbered.Kind, numbered.Tag)] = source[part.Start..part.End];
                parts.Add(numbered);
            }
        }

        return new SourceSegment(new MarkedText(SameText.Joined(parts)), Edits);
    }

    private IEnumerable<Edit> Edits(MarkedText translation, Func<int, int, string> kept)
    {
        var shares = Spreading.Over(translation, [.. slots.Select(slot => slot.Length)]);
        var open = new Stack<int>();
        var last = "";
        foreach (var (slot, share, number) in slots.Zip(shares, Enumerable.Range(0, slots.Count)))
        {
            var next = number + 1 < slots.Count ? slots[number + 1].Block : -1;
            var line = Line(
                share,
                open,
                begins: number > 0 && slots[number - 1].Block != slot.Block,
                next != slot.Block
            );
            var isEmpty = share.All(part => string.IsNullOrWhiteSpace(part.Text));
            if (isEmpty && number > 0 && slots[number - 1].Block == slot.Block)
            {
                yield return Without(slot, slots[number - 1], line);
                continue;
            }

            last = isEmpty && last.Length > 0 ? last : line;
            yield return new Edit(slot.Start, slot.End, last);
        }
    }

    /// <summary>Removes a line of which nothing is left.</summary>
    private static Edit Without(Slot slot, Slot before, string markup) =>
        slot.IsWhole ? new Edit(before.Line.End, slot.Line.End, markup) : new Edit(slot.Start, slot.End, markup);

    /// <summary>
    /// The text of a line. Spans that are open across cues are closed at the end of one and opened again in the next:
    /// players forget them.
    /// </summary>
    private string Line(IEnumerable<TextPart> share, Stack<int> open, bool begins, bool ends)
    {
        var pieces = new List<string>();
        if (begins)
        {
            pieces.AddRange(open.Reverse().Select(tag => _markup[(PartKind.Opening, tag)]));
        }

        foreach (var part in share)
        {
            if (part.Kind == PartKind.Opening)
            {
                open.Push(part.Tag);
            }
            else if (part.Kind == PartKind.Closing)
            {
                open.Pop();
            }

            pieces.Add(part.Kind == PartKind.Text ? escape(OneLine(part.Text)) : _markup[(part.Kind, part.Tag)]);
        }

        if (ends)
        {
            pieces.AddRange(open.Select(tag => _markup[(PartKind.Closing, tag)]));
        }

        return string.Concat(pieces);
    }

    /// <summary>A line break in a translation would be a line of the file.</summary>
    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
