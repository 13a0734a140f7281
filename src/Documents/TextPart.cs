namespace TransformerClinic.Documents;

/// <summary>What a part of a <see cref="MarkedText"/> is.</summary>
internal enum PartKind
{
    /// <summary>Text to translate.</summary>
    Text,

    /// <summary>Markup that begins a span; the closing part has the same number.</summary>
    Opening,

    /// <summary>Markup that ends a span.</summary>
    Closing,

    /// <summary>Markup that stands by itself: a line break, a picture.</summary>
    Alone,
}

/// <summary>A stretch of text, or one piece of markup.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; empty for markup.</param>
/// <param name="Tag">
/// The number of the markup in its segment: a pair of opening and closing has one, every other piece its own. What the
/// number means is known to whoever made the segment.
/// </param>
internal readonly record struct TextPart(PartKind Kind, string Text, int Tag)
{
    /// <summary>Text to translate.</summary>
    public static TextPart Of(string text) => new(PartKind.Text, text, -1);
}
