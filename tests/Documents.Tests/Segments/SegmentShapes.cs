using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using TransformerClinic.Documents.Segments.Placeholders;

namespace TransformerClinic.Documents.Tests.Segments;

/// <summary>Segments written with their markup: <c>⟦1·...·1⟧</c> is a pair, <c>⟦2⟧</c> a piece by itself.</summary>
internal static partial class SegmentShapes
{
    /// <summary>Random segments, well nested, with whatever text.</summary>
    public static readonly Gen<MarkedText> Any = Gen.Select(Gen.Int[0, 1 << 30], Gen.Int[0, 24]).Select(Random);

    private static readonly string[] Texts =
    [
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "Wort",
        "Datei",
        "öffnen",
        "Das ist",
        " ein Satz. ",
        "Noch einer! ",
        "z. B. ",
        ".",
        ",",
        " (",
        ") ",
        "„",
        "“",
        "{0}",
        " {name} ",
        "%s",
        "https://example.org/a.b ",
        "&amp;",
        "x@example.org",
        "12 ",
        "3. ",
        "a",
        "é",
        "👍",
        "你好。",
        "...",
        "; ",
        " - ",
        "A1 ",
        "",
    ];

    /// <summary>A segment of its written form.</summary>
    public static MarkedText Of(string written)
    {
        var parts = new List<TextPart>();
        var at = 0;
        foreach (Match match in Tag().Matches(written))
        {
            AddText(parts, written[at..match.Index]);
            var number = int.Parse(match.Groups["tag"].Value, CultureInfo.InvariantCulture);
            var kind =
                match.Groups["close"].Success ? PartKind.Closing
                : match.Groups["alone"].Success ? PartKind.Alone
                : PartKind.Opening;
            parts.Add(new TextPart(kind, "", number));
            at = match.Index + match.Length;
        }

        AddText(parts, written[at..]);
        return new MarkedText(parts);
    }

    /// <summary>The written form of a segment.</summary>
    public static string Written(MarkedText segment) => string.Concat(segment.Parts.Select(Written));

    /// <summary>What is wrong with the nesting; null if nothing is.</summary>
    public static string? NestingFault(MarkedText segment)
    {
        var open = new Stack<int>();
        foreach (var part in segment.Parts)
        {
            if (part.Kind == PartKind.Opening)
            {
                open.Push(part.Tag);
            }
            else if (part.Kind == PartKind.Closing && (!open.TryPop(out var tag) || tag != part.Tag))
            {
                return $"{part.Tag} closes what is not open in {Written(segment)}";
            }
        }

        return open.Count == 0 ? null : $"{open.Count} pairs are not closed in {Written(segment)}";
    }

    /// <summary>The markup of a segment in a fixed order.</summary>
    public static List<(PartKind, int)> Markup(MarkedText segment) =>
        [
            .. segment
                .Parts.Where(part => part.Kind != PartKind.Text)
                .Select(part => (part.Kind, part.Tag))
                .OrderBy(tag => tag.Tag)
                .ThenBy(tag => tag.Kind),
        ];

    /// <summary>The placeholders of a segment in a fixed order.</summary>
    public static List<string> Placeholders(MarkedText segment) =>
        [
            .. PlaceholderFinder
                .Find(segment.Plain)
                .Select(range => range.Of(segment.Plain))
                .Order(StringComparer.Ordinal),
        ];

    private static string Written(TextPart part) =>
        part.Kind switch
        {
            PartKind.Text => part.Text,
            PartKind.Opening => $"⟦{part.Tag}·",
            PartKind.Closing => $"·{part.Tag}⟧",
            _ => $"⟦{part.Tag}⟧",
        };

    private static void AddText(List<TextPart> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(TextPart.Of(text));
        }
    }

    private static MarkedText Random((int Seed, int Length) of)
    {
        var random = new Random(of.Seed);
        var (parts, open, tag) = (new List<TextPart>(), new Stack<int>(), 0);
        for (var i = 0; i < of.Length; i++)
        {
            switch (random.Next(7))
            {
                case 0:
                    open.Push(tag);
                    parts.Add(new TextPart(PartKind.Opening, "", tag++));
                    break;
                case 1 when open.Count > 0:
                    parts.Add(new TextPart(PartKind.Closing, "", open.Pop()));
                    break;
                case 2:
                    parts.Add(new TextPart(PartKind.Alone, "", tag++));
                    break;
                default:
                    parts.Add(TextPart.Of(Texts[random.Next(Texts.Length)]));
                    break;
            }
        }

        while (open.TryPop(out var last))
        {
            parts.Add(new TextPart(PartKind.Closing, "", last));
        }

        return new MarkedText(parts);
    }

    [GeneratedRegex(@"⟦(?<tag>\d+)·|·(?<close>)(?<tag>\d+)⟧|⟦(?<alone>)(?<tag>\d+)⟧")]
    private static partial Regex Tag();
}
