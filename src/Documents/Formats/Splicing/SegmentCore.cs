namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>
/// What of a segment is translated: its text from the first word to the last, with the markup between them. What is
/// around it (white space, markup by itself, pairs around everything) stays where it is.
/// </summary>
internal static class SegmentCore
{
    private const string Blank = " \t\r\n\f";

    /// <summary>The core of a segment; nothing if there is not one letter in it.</summary>
    /// <param name="parts">The parts of the segment, well nested.</param>
    /// <param name="source">The document's text.</param>
    public static IReadOnlyList<SourcePart> Of(IEnumerable<SourcePart> parts, string source)
    {
        List<SourcePart> all = [.. parts];
        var (from, to) = Range(all, source);
        return Numbered(all[from..to]);
    }

    /// <summary>The marked text of parts.</summary>
    public static MarkedText Text(IReadOnlyList<SourcePart> core) =>
        new(SameText.Joined(core.Select(part => part.Part)));

    /// <summary>Where the core is among the parts; text at its ends is cut from the white space around it.</summary>
    /// <param name="parts">The parts of the segment, well nested.</param>
    /// <param name="source">The document's text; null if the parts' characters are not in one.</param>
    /// <returns>The first part and the one after the last; equal if there is nothing to translate.</returns>
    public static (int From, int To) Range(List<SourcePart> parts, string? source)
    {
        if (!parts.Any(part => part.Part.Text.Any(char.IsLetter)))
        {
            return (0, 0);
        }

        var (from, to) = (0, parts.Count);
        while (true)
        {
            var start = AfterStart(parts, from, to, source);
            to += start.Added;
            if (start.From != from)
            {
                from = start.From;
                continue;
            }

            var end = BeforeEnd(parts, from, to, source);
            if (end != to)
            {
                to = end;
                continue;
            }

            if (parts[from].Part.Kind != PartKind.Opening || Closing(parts, from) != to - 1)
            {
                return (from, to);
            }

            (from, to) = (from + 1, to - 1);
        }
    }

    /// <summary>The same with the markup numbered from 0 in its order.</summary>
    public static IReadOnlyList<SourcePart> Numbered(IEnumerable<SourcePart> core)
    {
        var numbers = new Dictionary<int, int>();
        return
        [
            .. core.Select(part =>
                part.Part.Kind == PartKind.Text ? part : part with { Part = part.Part with { Tag = Number(part) } }
            ),
        ];

        int Number(SourcePart part)
        {
            numbers.TryAdd(part.Part.Tag, numbers.Count);
            return numbers[part.Part.Tag];
        }
    }

    private static (int From, int Added) AfterStart(List<SourcePart> parts, int from, int to, string? source)
    {
        var first = parts[from];
        switch (first.Part.Kind)
        {
            case PartKind.Alone:
                return (from + 1, 0);
            case PartKind.Opening when Closing(parts, from) is var end && end < to && !HasText(parts, from, end):
                return (end + 1, 0);
            case PartKind.Text:
                var raw = source is null ? first.Part.Text : source[first.Start..first.End];
                var blanks = raw.Length - raw.TrimStart([.. Blank]).Length;
                if (blanks == raw.Length)
                {
                    return (from + 1, 0);
                }

                if (blanks == 0)
                {
                    return (from, 0);
                }

                var cut = first.Start + blanks;
                var text = first.Part.Text;
                var rest = text.TrimStart([.. Blank]);
                parts[from] = new SourcePart(TextPart.Of(text[..^rest.Length]), first.Start, cut);
                parts.Insert(from + 1, new SourcePart(TextPart.Of(rest), cut, first.End));
                return (from + 1, 1);
            default:
                return (from, 0);
        }
    }

    private static int BeforeEnd(List<SourcePart> parts, int from, int to, string? source)
    {
        var last = parts[to - 1];
        switch (last.Part.Kind)
        {
            case PartKind.Alone:
                return to - 1;
            case PartKind.Closing
                when Opening(parts, to - 1) is var begin && begin >= from && !HasText(parts, begin, to):
                return begin;
            case PartKind.Text:
                var raw = source is null ? last.Part.Text : source[last.Start..last.End];
                var blanks = raw.Length - raw.TrimEnd([.. Blank]).Length;
                if (blanks == raw.Length)
                {
                    return to - 1;
                }

                if (blanks > 0)
                {
                    var cut = last.End - blanks;
                    var text = last.Part.Text;
                    var rest = text.TrimEnd([.. Blank]);
                    parts[to - 1] = new SourcePart(TextPart.Of(rest), last.Start, cut);
                    parts.Insert(to, new SourcePart(TextPart.Of(text[rest.Length..]), cut, last.End));
                }

                return to;
            default:
                return to;
        }
    }

    private static int Closing(List<SourcePart> parts, int opening) =>
        parts.FindIndex(
            opening,
            part => part.Part.Kind == PartKind.Closing && part.Part.Tag == parts[opening].Part.Tag
        );

    private static int Opening(List<SourcePart> parts, int closing) =>
        parts.FindLastIndex(
            closing,
            part => part.Part.Kind == PartKind.Opening && part.Part.Tag == parts[closing].Part.Tag
        );

    private static bool HasText(List<SourcePart> parts, int from, int to) =>
        parts.Skip(from).Take(to - from).Any(part => part.Part.Text.Any(c => !char.IsWhiteSpace(c)));
}
