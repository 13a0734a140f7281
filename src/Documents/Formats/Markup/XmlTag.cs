using System.Text.RegularExpressions;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Markup;

/// <summary>Changes the attributes of a start tag; all of its other characters stay.</summary>
internal static partial class XmlTag
{
    /// <summary>The change of a start tag that sets attributes.</summary>
    public static Edit With(XmlSource xml, int start, params (string Name, string Value)[] attributes) =>
        new(xml.Tokens[start].Start, xml.Tokens[start].End, Text(xml.Slice(xml.Tokens[start]), attributes));

    /// <summary>A start tag with attributes set: each in place of its old value, or last.</summary>
    public static string Text(string tag, params IEnumerable<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            var written = $"{name}=\"{XmlSource.Escaped(value).Replace("\"", "&quot;", StringComparison.Ordinal)}\"";
            var found = Attribute().Matches(tag).FirstOrDefault(attribute => attribute.Groups[1].Value == name);
            var end = tag.Length - (tag.EndsWith("/>", StringComparison.Ordinal) ? "/>" : ">").Length;
            tag = found is null
                ? $"{tag[..end].TrimEnd()} {written}{tag[end..]}"
                : $"{tag[..found.Groups[1].Index]}{written}{tag[(found.Index + found.Length)..]}";
        }

        return tag;
    }

    /// <summary>A start tag whose element has content, also if it had none.</summary>
    public static string Opened(string tag) =>
        tag.EndsWith("/>", StringComparison.Ordinal) ? tag[..^2].TrimEnd() + ">" : tag;

    [GeneratedRegex("""\s([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')""")]
    private static partial Regex Attribute();
}
