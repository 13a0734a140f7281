using AngleSharp.Html.Parser;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>A piece of an HTML text: a tag, a stretch of text, a comment.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name of a tag, in lower case.</param>
/// <param name="Text">The text, with references resolved.</param>
/// <param name="Start">Its first character.</param>
/// <param name="Attributes">The attributes of a start tag: names in lower case, values, and where they begin.</param>
internal sealed record HtmlPiece(
    HtmlTokenType Kind,
    string Name,
    string Text,
    int Start,
    IReadOnlyList<(string Name, string Value, int Start)> Attributes
)
{
    /// <summary>The character after its last.</summary>
    public int End { get; set; }

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
}
