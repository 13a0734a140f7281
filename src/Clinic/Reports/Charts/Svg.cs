using System.Globalization;
using System.Xml.Linq;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Charts;

/// <summary>Makes a stand-alone SVG document part of a page.</summary>
internal static class Svg
{
    /// <summary>
    /// The document as an inline element that scales with its place: <c>viewBox</c> instead of a fixed size, ids
    /// numbered under <paramref name="id"/> (several figures share one page), no namespaces (HTML knows the element), a
    /// description for those who do not see it, and <paramref name="labels"/> drawn on top.
    /// </summary>
    public static Html Inline(string document, string id, string description, Html labels)
    {
        var root = XElement.Parse(document);
        var (width, height) = ((string?)root.Attribute("width"), (string?)root.Attribute("height"));
        NumberIds(root, id);
        DropNamespaces(root);
        RemoveInvisible(root);
        var shapes = string.Concat(root.Elements().Select(element => element.ToString(SaveOptions.DisableFormatting)));
        return Html.Of(
            $"""
            <svg viewBox="0 0 {width} {height}" role="img" aria-label="{description}">{Html.Trusted(shapes)}
            {labels}
            </svg>
            """
        );
    }

    /// <summary>A coordinate to a tenth of a pixel.</summary>
    public static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static void NumberIds(XElement root, string prefix)
    {
        var names = root.Descendants()
            .Attributes("id")
            .Select((attribute, index) => (Old: attribute.Value, New: $"{prefix}-{index + 1}"))
            .ToList();
        var renamed = names.ToDictionary(name => name.Old, name => name.New);
        var references = names.ToDictionary(name => $"url(#{name.Old})", name => $"url(#{name.New})");
        foreach (var attribute in root.Descendants().Attributes())
        {
            var table = attribute.Name == "id" ? renamed : references;
            attribute.Value = table.GetValueOrDefault(attribute.Value, attribute.Value);
        }
    }

    private static void DropNamespaces(XElement root)
    {
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
            element.Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        }
    }

    private static void RemoveInvisible(XElement root) =>
        root.Descendants("rect").Where(rect => (string?)rect.Attribute("fill-opacity") == "0").Remove();
}
