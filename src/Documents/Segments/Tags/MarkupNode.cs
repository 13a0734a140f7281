using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>Markup of a segment: a pair with what is inside it, or a piece by itself.</summary>
internal sealed class MarkupNode
{
    /// <summary>The opening part, or the piece by itself.</summary>
    public required TextPart First { get; init; }

    /// <summary>The closing part; null for a piece by itself.</summary>
    public TextPart? Last { get; set; }

    /// <summary>What it encloses in the source; empty for a piece by itself.</summary>
    public TextRange Source { get; set; }

    /// <summary>The markup inside it, in the source's order.</summary>
    public List<MarkupNode> Children { get; } = [];

    /// <summary>Where it goes in the translation.</summary>
    public TextRange Target { get; set; }

    /// <summary>White space that goes before it, and after it.</summary>
    public (string Before, string After) Space { get; set; } = ("", "");
}
