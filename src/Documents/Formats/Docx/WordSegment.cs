using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>
/// Pieces of a paragraph between two boundaries, as a text with markup. The format that most of its characters have is
/// that of text without markup; each stretch with another format is a pair.
/// </summary>
internal sealed class WordSegment
{
    private readonly List<SourcePart> _parts = [];
    private readonly List<WordItem> _items = [];
    private readonly int _from;
    private readonly int _to;
    private readonly List<int> _tags = [];

    /// <param name="items">The pieces.</param>
    public WordSegment(IReadOnlyList<WordItem> items)
    {
        Format =
            items
                .Where(item => item.Kind == WordItemKind.Text)
                .GroupBy(item => item.Format, StringComparer.Ordinal)
                .MaxBy(same => same.Sum(item => item.Text.Length))
                ?.Key
            ?? "";
        AddParts(items);
        (_from, _to) = SegmentCore.Range(_parts, source: null);
        var core = _parts[_from.._to];
        Text = SegmentCore.Text(SegmentCore.Numbered(core));
        _tags.AddRange(core.Where(part => part.Part.Kind != PartKind.Text).Select(part => part.Part.Tag).Distinct());
    }

    /// <summary>The format of text outside of markup.</summary>
    public string Format { get; }

    /// <summary>What is translated; without parts if there is nothing to translate.</summary>
    public MarkedText Text { get; }

    /// <summary>What a piece of markup is.</summary>
    public WordItem Item(int tag) => _items[tag];

    /// <summary>All parts, those around what is translated included.</summary>
    /// <param name="translation">The translation; null to leave the text as it is.</param>
    public IEnumerable<TextPart> Parts(MarkedText? translation) =>
        translation is null
            ? _parts.Select(part => part.Part)
            : _parts
                .Take(_from)
                .Select(part => part.Part)
                .Concat(
                    translation.Parts.Select(part =>
                        part.Kind == PartKind.Text ? part : part with { Tag = _tags[part.Tag] }
                    )
                )
                .Concat(_parts.Skip(_to).Select(part => part.Part));

    private void AddParts(IReadOnlyList<WordItem> items)
    {
        var containers = new Stack<int>();
        var format = -1;
        foreach (var item in items)
        {
            if (item.Kind is WordItemKind.Opening or WordItemKind.Closing)
            {
                EndFormat(ref format);
            }

            switch (item.Kind)
            {
                case WordItemKind.Text when item.Text.Length == 0:
                    break;
                case WordItemKind.Text:
                    if (item.Format != (format < 0 ? Format : _items[format].Format))
                    {
                        EndFormat(ref format);
                        format = item.Format == Format ? -1 : Add(PartKind.Opening, item);
                    }

                    _parts.Add(new SourcePart(TextPart.Of(item.Text), 0, item.Text.Length));
                    break;
                case WordItemKind.Opening:
                    containers.Push(Add(PartKind.Opening, item));
                    break;
                case WordItemKind.Closing:
                    Close(containers.Pop());
                    break;
                default:
                    Add(PartKind.Alone, item);
                    break;
            }
        }

        EndFormat(ref format);
    }

    private int Add(PartKind kind, WordItem item)
    {
        _parts.Add(new SourcePart(new TextPart(kind, "", _items.Count), 0, 0));
        _items.Add(item);
        return _items.Count - 1;
    }

    private void Close(int tag) => _parts.Add(new SourcePart(new TextPart(PartKind.Closing, "", tag), 0, 0));

    private void EndFormat(ref int format)
    {
        if (format >= 0)
        {
            Close(format);
        }

        format = -1;
    }
}
