using System.Reflection;
using System.Text;
using System.Xml;

namespace TransformerClinic.Data.Exchange.Tmx;

/// <summary>A unit to write: a pair, and what is known of it.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Properties">Kinds and values of its properties; a tool's own kinds begin with <c>x-</c>.</param>
internal sealed record TmxUnit(SentencePair Pair, IReadOnlyList<(string Kind, string Value)> Properties);

/// <summary>
/// Writes a translation memory: TMX 1.4, UTF-8, a unit on each line. The same units give the same bytes: there is no
/// date in it.
/// </summary>
internal static class TmxWriter
{
    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="source">The source's language tag.</param>
    /// <param name="target">The target's language tag.</param>
    /// <param name="units">The units.</param>
    public static void Write(Stream stream, string source, string target, IEnumerable<TmxUnit> units)
    {
        using var xml = XmlWriter.Create(
            stream,
            new XmlWriterSettings
            {
                Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                // A carriage return in a text would be read as a line feed if it were not written as a reference.
                NewLineHandling = NewLineHandling.Entitize,
                NewLineChars = "\n",
            }
        );
        xml.WriteStartDocument();
        xml.WriteRaw("\n");
        xml.WriteStartElement("tmx");
        xml.WriteAttributeString("version", "1.4");
        WriteHeader(xml, source);
        xml.WriteStartElement("body");
        foreach (var unit in units)
        {
            xml.WriteRaw("\n");
            WriteUnit(xml, unit, source, target);
        }

        xml.WriteRaw("\n");
        xml.WriteEndElement();
        xml.WriteRaw("\n");
        xml.WriteEndElement();
        xml.WriteRaw("\n");
    }

    /// <summary>The attributes that TMX 1.4 requires, and no other.</summary>
    private static void WriteHeader(XmlWriter xml, string source)
    {
        xml.WriteRaw("\n");
        xml.WriteStartElement("header");
        xml.WriteAttributeString("creationtool", "TransformerClinic");
        xml.WriteAttributeString("creationtoolversion", Version());
        xml.WriteAttributeString("segtype", "sentence");
        xml.WriteAttributeString("o-tmf", "plain text");
        xml.WriteAttributeString("adminlang", "en");
        xml.WriteAttributeString("srclang", source);
        xml.WriteAttributeString("datatype", "plaintext");
        xml.WriteEndElement();
        xml.WriteRaw("\n");
    }

    private static void WriteUnit(XmlWriter xml, TmxUnit unit, string source, string target)
    {
        xml.WriteStartElement("tu");
        foreach (var (kind, value) in unit.Properties)
        {
            xml.WriteStartElement("prop");
            xml.WriteAttributeString("type", kind);
            xml.WriteString(WritableText.Of(value));
            xml.WriteEndElement();
        }

        WriteVariant(xml, source, unit.Pair.Source);
        WriteVariant(xml, target, unit.Pair.Target);
        xml.WriteEndElement();
    }

    private static void WriteVariant(XmlWriter xml, string language, string text)
    {
        xml.WriteStartElement("tuv");
        xml.WriteAttributeString("xml", "lang", null, language);
        xml.WriteElementString("seg", WritableText.Of(text));
        xml.WriteEndElement();
    }

    private static string Version() =>
        typeof(TmxWriter)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
