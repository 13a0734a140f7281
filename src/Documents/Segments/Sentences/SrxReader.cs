using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Reads Segmentation Rules eXchange 2.0. How inline codes at a break are divided (<c>formathandle</c>,
/// <c>segmentsubflows</c>) is not read: markup stays where its words are.
/// </summary>
internal sealed class SrxReader
{
    private const int MostCharacters = 8 << 20;
    private const int MostRules = 20_000;

    private readonly string _name;

    private SrxReader(string name) => _name = name;

    /// <summary>The rules of a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="UserErrorException">The file is damaged, too large, or a rule of it is wrong.</exception>
    public static SegmentationRules Read(Stream stream, string name) => new SrxReader(name).Read(stream);

    private SegmentationRules Read(Stream stream)
    {
        var root = Parsed(stream).Root!;
        if (root.Name.LocalName != "srx")
        {
            throw Wrong(root, $"this is not an SRX file: its root is \"{root.Name.LocalName}\", not \"srx\"");
        }

        if (root.Attribute("version")?.Value is var version and not "2.0")
        {
            throw Wrong(root, $"this is SRX version {version ?? "(none)"}; version 2.0 is read");
        }

        var header = Child(root, "header");
        var cascade = YesOrNo(header, "cascade", Required(header, "cascade"));
        var body = Child(root, "body");
        var rules = Rules(Child(body, "languagerules"));
        var map = Children(Child(body, "maprules"), "languagemap").Select(entry => MapEntry(entry, rules)).ToList();
        return new SegmentationRules(_name, cascade, rules, map);
    }

    private XDocument Parsed(Stream stream)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(stream, settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace);
        }
        catch (XmlException exception)
        {
            throw new UserErrorException(
                $"{_name}: this cannot be read as SRX: {exception.Message} "
                    + $"A file of rules has no DTD and at most {MostCharacters >> 20} million characters.",
                exception
            );
        }
    }

    private Dictionary<string, IReadOnlyList<SrxRule>> Rules(XElement languageRules)
    {
        var sets = new Dictionary<string, IReadOnlyList<SrxRule>>(StringComparer.Ordinal);
        var count = 0;
        foreach (var set in Children(languageRules, "languagerule"))
        {
            var name = Required(set, "languagerulename");
            var rules = Children(set, "rule").ToList();
            if ((count += rules.Count) > MostRules)
            {
                throw Wrong(set, FormattableString.Invariant($"there are more than {MostRules:N0} rules"));
            }

            if (!sets.TryAdd(name, [.. rules.Select((rule, index) => Rule(rule, name, index + 1))]))
            {
                throw Wrong(set, $"there are two sets of rules named \"{name}\"");
            }
        }

        return sets;
    }

    private SrxRule Rule(XElement rule, string set, int number)
    {
        var place = FormattableString.Invariant($"rule {number} of \"{set}\" (line {Line(rule)})");
        var breaks = rule.Attribute("break") is not { } given || YesOrNo(rule, "break", given.Value);
        var (before, after) = (Expression(rule, "beforebreak", place), Expression(rule, "afterbreak", place));
        if (before.Length == 0 && after.Length == 0)
        {
            throw new UserErrorException($"{_name}: {place} has neither beforebreak nor afterbreak.");
        }

        // Each half was found valid by itself: together they can only fail in what refers across them.
        return Compiled(place, "the rule", () => new SrxRule(breaks, before, after, place, SegmentationRules.Patience));
    }

    private string Expression(XElement rule, string part, string place)
    {
        var given = Children(rule, part).ToList();
        if (given.Count > 1)
        {
            throw new UserErrorException($"{_name}: {place} has {given.Count} elements {part}; it may have one.");
        }

        if (given is not [var element])
        {
            return "";
        }

        return Compiled(
            place,
            part,
            () =>
            {
                var translated = IcuExpression.ToDotNet(element.Value);
                _ = new Regex(translated, RegexOptions.CultureInvariant);
                return translated;
            }
        );
    }

    private (Regex Languages, string Rules) MapEntry(XElement entry, Dictionary<string, IReadOnlyList<SrxRule>> rules)
    {
        var name = Required(entry, "languagerulename");
        if (!rules.ContainsKey(name))
        {
            throw Wrong(entry, $"the languagemap names rules \"{name}\", which the file does not have");
        }

        var place = FormattableString.Invariant($"the languagemap in line {Line(entry)}");
        var pattern = Required(entry, "languagepattern");
        return Compiled(
            place,
            "languagepattern",
            () =>
                (
                    new Regex(
                        $@"\A(?:{IcuExpression.ToDotNet(pattern)})\z",
                        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
                        SegmentationRules.Patience
                    ),
                    name
                )
        );
    }

    private T Compiled<T>(string place, string part, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            throw new UserErrorException(
                $"{_name}: {place}: {part} is not an expression: {exception.Message}",
                exception
            );
        }
    }

    private bool YesOrNo(XElement element, string attribute, string value) =>
        value switch
        {
            "yes" => true,
            "no" => false,
            _ => throw Wrong(element, $"{attribute} is \"{value}\"; it may be yes or no"),
        };

    private string Required(XElement element, string attribute) =>
        element.Attribute(attribute)?.Value
        ?? throw Wrong(element, $"the element {element.Name.LocalName} has no attribute {attribute}");

    private XElement Child(XElement parent, string name) =>
        Children(parent, name).FirstOrDefault()
        ?? throw Wrong(parent, $"the element {parent.Name.LocalName} has no element {name}");

    private static IEnumerable<XElement> Children(XElement parent, string name) =>
        parent.Elements().Where(child => child.Name.LocalName == name);

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private UserErrorException Wrong(XElement element, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_name}, line {Line(element)}: {what}."));
}
