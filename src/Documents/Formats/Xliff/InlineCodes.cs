using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Xliff;

/// <summary>
/// Reads the content of a source: text, and codes as markup. Codes that begin or end a span of the original document
/// are pairs if they are in the same element and well nested; other codes, and what must not be translated, are pieces
/// by themselves.
/// </summary>
/// <param name="xml">The file.</param>
internal sealed class InlineCodes(XmlSource xml)
{
    private static readonly string[] Spans = ["g", "pc", "mrk"];
    private static readonly string[] Begins = ["bx", "bpt", "sc"];
    private static readonly string[] Ends = ["ex", "ept", "ec"];

    /// <summary>Adds the content of an element to a segment.</summary>
    public void Add(InlineBuilder builder, int element)
    {
        var pairs = Pairs(element);
        for (var i = element + 1; i < xml.Tokens[element].Last; i = xml.Tokens[i].Last + 1)
        {
            var token = xml.Tokens[i];
            var end = xml.Tokens[token.Last].End;
            if (token.IsText)
            {
                builder.Text(token.Value, token.Start, end);
            }
            else if (IsTranslatedSpan(token, i))
            {
                builder.Open($"element {i}", token.Start, token.End);
                Add(builder, i);
                builder.Close($"element {i}", xml.Tokens[token.Last].Start, end);
            }
            else if (pairs.TryGetValue(i, out var pair) && pair.Begin == i)
            {
                builder.Open($"code {pair.Begin}", token.Start, end);
            }
            else if (pair.End == i && i > 0)
            {
                builder.Close($"code {pair.Begin}", token.Start, end);
            }
            else
            {
                builder.Alone(token.Start, end);
            }
        }
    }

    private static bool IsTranslatedSpan(XmlToken token, int index) =>
        token.IsStart
        && token.Last > index
        && Spans.Contains(token.Name)
        && token.Attribute("mtype") != "protected"
        && token.Attribute("translate") != "no";

    /// <summary>Codes directly in an element that belong together and are well nested.</summary>
    private Dictionary<int, (int Begin, int End)> Pairs(int element)
    {
        var pairs = new Dictionary<int, (int, int)>();
        var open = new List<(string Id, int Index)>();
        foreach (var i in xml.Children(element))
        {
            var token = xml.Tokens[i];
            var id = token.Attribute("rid") ?? token.Attribute("startRef") ?? token.Attribute("id") ?? "";
            if (Begins.Contains(token.Name))
            {
                open.Add((id, i));
            }
            else if (Ends.Contains(token.Name) && open.FindLastIndex(begun => begun.Id == id) is >= 0 and var at)
            {
                pairs[open[at].Index] = pairs[i] = (open[at].Index, i);
                open.RemoveRange(at, open.Count - at);
            }
        }

        return pairs;
    }
}
