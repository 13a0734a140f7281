namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>Whether two marked texts say the same, however their text is cut into parts.</summary>
internal static class SameText
{
    /// <summary>Whether they have the same text with the same markup in the same places.</summary>
    public static bool Are(MarkedText one, MarkedText other) => Joined(one.Parts).SequenceEqual(Joined(other.Parts));

    /// <summary>The parts, with neighboring texts as one and without empty ones.</summary>
    public static IReadOnlyList<TextPart> Joined(IEnumerable<TextPart> parts)
    {
        var joined = new List<TextPart>();
        foreach (var part in parts)
        {
            if (part.Kind != PartKind.Text)
            {
                joined.Add(part);
            }
            else if (part.Text.Length > 0)
            {
                if (joined.Count > 0 && joined[^1].Kind == PartKind.Text)
                {
                    joined[^1] = TextPart.Of(joined[^1].Text + part.Text);
                }
                else
                {
                    joined.Add(part);
                }
            }
        }

        return joined;
    }
}
