using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange.Tmx;

/// <summary>
/// Reads translation memories: TMX 1.1 to 1.4 (LISA OSCAR, TMX 1.4b of 2005), one unit at a time.
/// </summary>
internal static class TmxReader
{
    /// <summary>The units, in the file's order.</summary>
    /// <param name="xml">A reader at the root, <c>tmx</c>.</param>
    /// <exception cref="UserErrorException">The file is damaged, or a unit is too long.</exception>
    public static IEnumerable<TranslationUnit> Units(MarkupReader xml)
    {
        var source = "";
        foreach (var part in xml.Children())
        {
            if (part == "header")
            {
                source = xml.Attribute("srclang") ?? "";
            }
            else if (part == "body")
            {
                foreach (var unit in xml.Children().Where(name => name == "tu"))
                {
                    yield return Unit(xml, source);
                }
            }
        }
    }

    private static TranslationUnit Unit(MarkupReader xml, string source)
    {
        var (line, own) = (xml.Line, xml.Attribute("srclang") ?? source);
        var texts = new List<UnitText>(2);
        var cost = 0;
        foreach (var variant in xml.Children().Where(name => name == "tuv"))
        {
            var language = xml.Language();
            foreach (var segment in xml.Children().Where(name => name == "seg"))
            {
                var read = InlineText.Read(xml);
                var text = read.Text;
                cost += text.Length + InlineText.CostOfAText;
                xml.RequireAtMost(cost, InlineText.MostCharacters);
                texts.Add(new UnitText(language, text, read.Tags));
            }
        }

        return new TranslationUnit(line, own, texts);
    }
}
