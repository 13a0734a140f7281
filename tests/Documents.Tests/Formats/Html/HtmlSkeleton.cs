using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace TransformerClinic.Documents.Tests.Formats.Html;

/// <summary>What a browser makes of a page, without its text and without the attributes that are translated.</summary>
internal static class HtmlSkeleton
{
    private static readonly string[] Translated = ["alt", "title", "placeholder", "aria-label", "lang"];

    public static string Of(string page)
    {
        var document = new HtmlParser().ParseDocument(page);
        var skeleton = new StringBuilder();
        Add(skeleton, document);
        return skeleton.ToString();
    }

    private static void Add(StringBuilder skeleton, INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IElement element)
            {
                skeleton
                    .Append('<')
                    .Append(element.LocalName)
                    .AppendJoin(
                        "",
                        element.Attributes.Select(attribute =>
                            Translated.Contains(attribute.Name)
                                ? $" {attribute.Name}"
                                : $" {attribute.Name}={attribute.Value}"
                        )
                    )
                    .Append('>');
                Add(skeleton, element);
                skeleton.Append("</>");
            }
            else if (child is IComment comment)
            {
                skeleton.Append("<!--").Append(comment.Data).Append("-->");
            }
        }
    }
}
