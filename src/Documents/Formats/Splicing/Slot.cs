namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>A line that gets a part of a translation.</summary>
/// <param name="Parts">The line's parts, without what stays around them.</param>
/// <param name="Line">The line.</param>
/// <param name="Block">The number of its cue, or of its paragraph.</param>
/// <param name="IsWhole">Whether its markup belongs to no other line, so that the line can be removed.</param>
internal sealed record Slot(IReadOnlyList<SourcePart> Parts, SourceLine Line, int Block, bool IsWhole)
{
    /// <summary>The first character that is replaced.</summary>
    public int Start => Parts[0].Start;

    /// <summary>The character after the last that is replaced.</summary>
    public int End => Parts[^1].End;

    /// <summary>Its number of characters.</summary>
    public int Length => Math.Max(1, Parts.Sum(part => part.Part.Text.Length));

    /// <summary>Its text.</summary>
    public string Plain => string.Concat(Parts.Select(part => part.Part.Text));
}
