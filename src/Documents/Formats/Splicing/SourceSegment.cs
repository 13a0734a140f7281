namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>A segment of a text, and what its translation changes there.</summary>
/// <param name="Text">The segment.</param>
/// <param name="Edits">
/// What a translation changes. The second argument gives characters of the document that are kept, with the changes of
/// inner segments. It is not asked for a translation that equals the segment, unless <see cref="Always"/> says so: the
/// characters then stay as somebody wrote them.
/// </param>
internal sealed record SourceSegment(MarkedText Text, Func<MarkedText, Func<int, int, string>, IEnumerable<Edit>> Edits)
{
    /// <summary>Whether a translation that equals the segment is written as well.</summary>
    public bool Always { get; init; }

    /// <summary>Whether it is inside the markup of another segment, as an attribute is.</summary>
    public bool IsInner { get; init; }

    /// <summary>A segment that is replaced by its translation.</summary>
    /// <param name="core">Its parts, which are not empty.</param>
    /// <param name="render">Writes a translation; the second argument gives the characters of each markup.</param>
    public static SourceSegment Replaced(
        IReadOnlyList<SourcePart> core,
        Func<MarkedText, Func<TextPart, string>, string> render
    )
    {
        var places = core.Where(part => part.Part.Kind != PartKind.Text)
            .ToDictionary(part => (part.Part.Kind, part.Part.Tag), part => (part.Start, part.End));
        return new SourceSegment(
            SegmentCore.Text(core),
            (translation, kept) => [new Edit(core[0].Start, core[^1].End, render(translation, Markup(kept)))]
        );

        Func<TextPart, string> Markup(Func<int, int, string> kept) =>
            part =>
            {
                var (start, end) = places[(part.Kind, part.Tag)];
                return kept(start, end);
            };
    }

    /// <summary>The changes for a translation.</summary>
    public IEnumerable<Edit> For(MarkedText translation, Func<int, int, string> kept) =>
        Always || !SameText.Are(Text, translation) ? Edits(translation, kept) : [];
}
