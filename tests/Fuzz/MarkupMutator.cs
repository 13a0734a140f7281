using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Fuzz;

/// <summary>
/// Changes of XML that mostly leave it such: an element twice, gone, inside another or from another input; a name, a
/// value or a text for another.
/// </summary>
internal static partial class MarkupMutator
{
    private static readonly string[] Pieces =
    [
        "<hi>",
        "</hi>",
        "<ph>x</ph>",
        "<ph type=\"lb\"/>",
        "<bpt i='1'>",
        "</bpt>",
        "<mrk mtype=\"seg\" mid=\"1\">",
        "</mrk>",
        "<pc id=\"1\">",
        "</pc>",
        "<seg/>",
        "<tuv>",
        "</tuv>",
        "<target/>",
        "<segment state=\"initial\">",
        "</segment>",
        "<!-- x -->",
        "<?p q?>",
        "<![CDATA[<]]>",
        "<!DOCTYPE tmx [<!ENTITY e \"text\">]>",
        "<!DOCTYPE tmx SYSTEM \"file:///dev/zero\">",
        "&e;",
        "&amp;",
        "&#1;",
        "&#xD800;",
        "&#x10FFFF;",
        "xml:lang=\"\"",
        "xml:lang=\"de-AT\"",
        " xmlns=\"urn:x\"",
        " xmlns:y=\"\"",
        "y:",
        "]]>",
        " ",
        "\n",
        "text",
        "ä",
        "😀",
    ];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var (tokens, others) = (Tokens(input), Tokens(other));
        for (var i = 1 + random.Next(3); i > 0 && tokens.Count > 0; i--)
        {
            var at = random.Next(tokens.Count);
            var count = Math.Min(random.Next(1, 12), tokens.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    tokens.RemoveRange(at, count);
                    break;
                case 1:
                    tokens.InsertRange(random.Next(tokens.Count), tokens.GetRange(at, count));
                    break;
                case 2:
                    tokens[at] = tokens[random.Next(tokens.Count)];
                    break;
                case 3 when others.Count > 0:
                    var from = random.Next(others.Count);
                    tokens.InsertRange(at, others.GetRange(from, Math.Min(count, others.Count - from)));
                    break;
                case 4:
                    tokens[at] = Pieces[random.Next(Pieces.Length)];
                    break;
                default:
                    tokens.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    private static List<string> Tokens(byte[] text) =>
        [.. Token().Matches(Encoding.UTF8.GetString(text)).Select(match => match.Value)];

    [GeneratedRegex("""<[!?/]?[\w:]*|/?>|\s+|[\w:]+=|"[^"<>]*"|'[^'<>]*'|[^<>\s"'=]+|.""", RegexOptions.Singleline)]
    private static partial Regex Token();
}
