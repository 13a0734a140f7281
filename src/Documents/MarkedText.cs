namespace TransformerClinic.Documents;

/// <summary>Text with the markup inside it, in reading order: a paragraph, a cue, a cell.</summary>
/// <param name="Parts">Stretches of text and of markup; markup is never translated and never lost.</param>
internal sealed record MarkedText(IReadOnlyList<TextPart> Parts)
{
    /// <summary>Text without markup.</summary>
    public MarkedText(string text)
        : this([TextPart.Of(text)]) { }

    /// <summary>The text without its markup.</summary>
    public string Plain => string.Concat(Parts.Where(part => part.Kind == PartKind.Text).Select(part => part.Text));
}
