namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>Changes inside of markup that other changes may move.</summary>
internal sealed class InnerEdits
{
    private readonly string _text;
    private readonly List<Edit> _edits;

    /// <param name="text">The document's text.</param>
    /// <param name="edits">The changes, which do not overlap.</param>
    public InnerEdits(string text, IEnumerable<Edit> edits) =>
        (_text, _edits) = (text, [.. edits.OrderBy(edit => edit.Start)]);

    /// <summary>Characters of the document with the changes there.</summary>
    public string Kept(int start, int end)
    {
        var first = FirstFrom(start);
        return first == _edits.Count || _edits[first].Start >= end
            ? _text[start..end]
            : SplicedDocument.Spliced(
                _text[start..end],
                _edits
                    .Skip(first)
                    .TakeWhile(edit => edit.End <= end)
                    .Select(edit => edit with { Start = edit.Start - start, End = edit.End - start })
            );
    }

    /// <summary>The changes that are in none of others.</summary>
    public IEnumerable<Edit> NotIn(IEnumerable<Edit> others)
    {
        var covered = new HashSet<int>();
        foreach (var other in others)
        {
            for (var i = FirstFrom(other.Start); i < _edits.Count && _edits[i].Start < other.End; i++)
            {
                covered.Add(i);
            }
        }

        return _edits.Where((_, i) => !covered.Contains(i));
    }

    private int FirstFrom(int start)
    {
        var (low, high) = (0, _edits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _edits[middle].Start < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
