using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange.Xliff;

/// <summary>
/// Reads bilingual files of translation tools: XLIFF 1.x (OASIS 2008 and before) and 2.x (ISO 21720), one unit at a
/// time. Each segment of a unit is a pair; what is not translated yet is given with the reason.
/// </summary>
internal static class XliffReader
{
    private static readonly string[] Containers = ["file", "body", "group"];

    /// <summary>The units, in the file's order.</summary>
    /// <param name="xml">A reader at the root, <c>xliff</c>.</param>
    /// <exception cref="UserErrorException">The file is damaged, or a unit is too long.</exception>
    public static IEnumerable<TranslationUnit> Units(MarkupReader xml) =>
        Units(xml, new Languages(xml.Attribute("srcLang") ?? "", xml.Attribute("trgLang") ?? ""));

    private static IEnumerable<TranslationUnit> Units(MarkupReader xml, Languages outer)
    {
        // Version 1 names the languages of each file, version 2 those of the whole.
        var languages = new Languages(
            xml.Attribute("source-language") ?? outer.Source,
            xml.Attribute("target-language") ?? outer.Target
        );
        foreach (var name in xml.Children())
        {
            var units =
                Containers.Contains(name) ? Units(xml, languages)
                : name == "trans-unit" ? FirstVersionUnit.Read(xml, languages)
                : name == "unit" ? SecondVersionUnit.Read(xml, languages)
                : [];
            foreach (var unit in units)
            {
                yield return unit;
            }
        }
    }
}
