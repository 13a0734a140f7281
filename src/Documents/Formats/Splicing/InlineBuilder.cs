namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>
/// Collects the parts of a segment in the order of the document. Markup that has no counterpart, or whose counterpart
/// is in another pair, is a piece by itself: the pairs are always well nested.
/// </summary>
internal sealed class InlineBuilder
{
    // What is nested deeper is not a document, and each level costs time.
    private const int MostLevels = 256;

    private readonly List<SourcePart> _parts = [];
    private readonly List<(string Name, int Index)> _open = [];
    private int _tags;

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => _parts.Count == 0;

    /// <summary>Whether all markup so far that begins or ends a span has its counterpart.</summary>
    public bool IsBalanced { get; private set; } = true;

    /// <summary>The last text so far that is not blank; empty if there is none.</summary>
    public string LastText => _parts.FindLast(part => !string.IsNullOrWhiteSpace(part.Part.Text)).Part.Text ?? "";

    /// <summary>Adds text.</summary>
    /// <param name="text">What is translated, with references resolved.</param>
    /// <param name="start">Where it is in the document.</param>
    /// <param name="end">Where it ends.</param>
    public void Text(string text, int start, int end) => _parts.Add(new SourcePart(TextPart.Of(text), start, end));

    /// <summary>Adds markup that stands by itself.</summary>
    public void Alone(int start, int end) => Add(PartKind.Alone, _tags++, start, end);

    /// <summary>Adds markup that begins a span.</summary>
    /// <param name="name">The same for the markup that ends the span.</param>
    /// <param name="start">Where it is in the document.</param>
    /// <param name="end">Where it ends.</param>
    public void Open(string name, int start, int end)
    {
        if (_open.Count == MostLevels)
        {
            IsBalanced = false;
            Alone(start, end);
            return;
        }

        _open.Add((name, _parts.Count));
        Add(PartKind.Opening, _tags++, start, end);
    }

    /// <summary>Adds markup that ends a span.</summary>
    /// <inheritdoc cref="Open"/>
    public void Close(string name, int start, int end)
    {
        var at = _open.FindLastIndex(open => open.Name == name);
        if (at < 0)
        {
            IsBalanced = false;
            Alone(start, end);
            return;
        }

        foreach (var crossed in _open.Skip(at + 1))
        {
            MakeAlone(crossed.Index);
        }

        Add(PartKind.Closing, _parts[_open[at].Index].Part.Tag, start, end);
        _open.RemoveRange(at, _open.Count - at);
    }

    /// <summary>
    /// The segment's core: without the white space and the markup around its text, which stay where they are.
    /// </summary>
    /// <returns>Its parts; none if there is nothing to translate.</returns>
    public IReadOnlyList<SourcePart> Core(string source)
    {
        foreach (var unclosed in _open)
        {
            MakeAlone(unclosed.Index);
        }

        _open.Clear();
        return SegmentCore.Of(_parts, source);
    }

    private void Add(PartKind kind, int tag, int start, int end) =>
        _parts.Add(new SourcePart(new TextPart(kind, "", tag), start, end));

    private void MakeAlone(int index)
    {
        IsBalanced = false;
        _parts[index] = _parts[index] with { Part = _parts[index].Part with { Kind = PartKind.Alone } };
    }
}
