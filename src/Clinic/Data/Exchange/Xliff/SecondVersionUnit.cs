using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange.Xliff;

/// <summary>A <c>unit</c> of XLIFF 2.x.</summary>
internal static class SecondVersionUnit
{
    /// <summary>The pairs of the current unit, one for each segment.</summary>
    /// <exception cref="UserErrorException">The file is damaged here, or a segment is too long.</exception>
    public static IEnumerable<TranslationUnit> Read(MarkupReader xml, Languages languages)
    {
        // An "ignorable" has what is between segments: space and codes.
        foreach (var _ in xml.Children().Where(name => name == "segment"))
        {
            yield return Segment(xml, languages);
        }
    }

    private static TranslationUnit Segment(MarkupReader xml, Languages languages)
    {
        var line = xml.Line;

        // The state is "initial" too where none is given, but programs that give none still have translations.
        var whyNot = xml.Attribute("state") == "initial" ? "in the state initial" : null;
        var (source, target) = (("", 0), ("", 0));
        foreach (var name in xml.Children())
        {
            if (name == "source")
            {
                source = Read(xml);
            }
            else if (name == "target")
            {
                target = Read(xml);
            }
        }

        return languages.Unit(line, source, target, whyNot);
    }

    private static (string Text, int Tags) Read(MarkupReader xml)
    {
        var text = InlineText.Read(xml);
        return (text.Text, text.Tags);
    }
}
