using System.Text.RegularExpressions;
using System.Xml;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Web.Texts;

/// <summary>
/// A text with XML tags, as translation tools send a segment: all of it is one segment, its tags are markup. It need
/// not have a root element; prefixes need not be declared.
/// </summary>
/// <param name="ignored">Names of elements whose content is not translated.</param>
internal sealed partial class XmlTextFormat(IReadOnlyCollection<string> ignored) : IDocumentFormat
{
    private const string Root = "text";

    /// <inheritdoc/>
    public string Name => "xml";

    /// <inheritdoc/>
    public string Title => "XML";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes => [];

    /// <summary>A text with a root element around it, so that it is a document, unless it is one.</summary>
    public static string WithRoot(string text)
    {
        if (HasDeclaration(text))
        {
            return text;
        }

        var prefixes = Prefixes().Matches(text).Select(match => match.Groups[1].Value).Distinct();
        var declared = prefixes.Where(prefix => prefix is not ("xml" or "xmlns"));
        var spaces = declared.Select(prefix => $" xmlns:{prefix}=\"urn:{prefix}\"");
        return $"<{Root}{string.Concat(spaces)}>{text}</{Root}>";
    }

    /// <summary>What is inside that root element.</summary>
    public static string WithoutRoot(string source, string translated) =>
        HasDeclaration(source)
            ? translated
            : translated[(translated.IndexOf('>', StringComparison.Ordinal) + 1)..^$"</{Root}>".Length];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var text = EncodedText.Read(source);
        var xml = XmlSource.Of(text.Text, source);
        var builder = new InlineBuilder();
        for (var i = 0; i < xml.Tokens.Count; i++)
        {
            i = Add(builder, xml, i);
        }

        var core = builder.Core(xml.Text);
        return new SplicedDocument(text, core.Count == 0 ? [] : [SourceSegment.Replaced(core, Render)]);
    }

    /// <summary>Adds a token; gives the last one that was dealt with.</summary>
    private int Add(InlineBuilder builder, XmlSource xml, int index)
    {
        var token = xml.Tokens[index];
        if (token.IsStart && ignored.Contains(token.Prefix + token.Name))
        {
            builder.Alone(token.Start, xml.Tokens[token.Last].End);
            return token.Last;
        }

        if (token.IsText)
        {
            builder.Text(token.Value, token.Start, token.End);
        }
        else if (token.IsStart && token.Last > index)
        {
            builder.Open(token.Prefix + token.Name, token.Start, token.End);
        }
        else if (token.Kind == XmlNodeType.EndElement)
        {
            builder.Close(token.Prefix + token.Name, token.Start, token.End);
        }
        else
        {
            builder.Alone(token.Start, token.End);
        }

        return index;
    }

    private static string Render(MarkedText text, Func<TextPart, string> markup) =>
        string.Concat(
            text.Parts.Select(part => part.Kind == PartKind.Text ? XmlSource.Escaped(part.Text) : markup(part))
        );

    private static bool HasDeclaration(string text) => text.StartsWith("<?xml", StringComparison.Ordinal);

    [GeneratedRegex(@"[<\s/]([\p{L}_][\p{L}\p{N}_.-]*):")]
    private static partial Regex Prefixes();
}
