using System.Xml;

namespace TransformerClinic.Documents.Formats.Markup;

/// <summary>A piece of an XML text: a tag, a stretch of text, a comment.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The local name of an element.</param>
/// <param name="Prefix">Its prefix with the colon; empty if it has none.</param>
/// <param name="Space">The namespace of an element.</param>
/// <param name="Value">The text, with references resolved.</param>
/// <param name="Attributes">The attributes of a start tag, by their names with prefixes.</param>
internal sealed record XmlToken(
    XmlNodeType Kind,
    string Name,
    string Prefix,
    string Space,
    string Value,
    IReadOnlyList<(string Name, string Value)> Attributes
)
{
    /// <summary>Its first character in the text.</summary>
    public int Start { get; init; }

    /// <summary>The character after its last.</summary>
    public int End { get; set; }

    /// <summary>Of a start tag, the token that ends the element: itself if the element has no content.</summary>
    public int Last { get; set; }

    /// <summary>Whether it begins an element.</summary>
    public bool IsStart => Kind == XmlNodeType.Element;

    /// <summary>Whether it is text that means something: a CDATA section as well.</summary>
    public bool IsText =>
        Kind is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace;

    /// <summary>The value of an attribute; null if it has none of this name.</summary>
    public string? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The value of an attribute with whatever prefix; null if it has none of this name.</summary>
    public string? AnyAttribute(string localName)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name.AsSpan(attribute.Name.IndexOf(':') + 1).SequenceEqual(localName))
            {
                return attribute.Value;
            }
        }

        return null;
    }
}
