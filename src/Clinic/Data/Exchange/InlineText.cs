using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange;

/// <summary>A part of a text that the file marks as a segment.</summary>
/// <param name="Id">What joins it to its translation.</param>
/// <param name="Text">What is to be read.</param>
/// <param name="Tags">How many inline tags were left out of it.</param>
internal sealed record Segment(string Id, string Text, int Tags);

/// <summary>
/// The text in an element, without inline tags: those that hold the codes of the original format (<c>bpt</c>,
/// <c>ept</c>, <c>it</c>, <c>ph</c>, <c>ut</c>) are left out with these codes, of all others (<c>hi</c>, <c>g</c>,
/// <c>pc</c>, <c>mrk</c>) the text stays. A tag that stands for the break of a line or page is a space, since there are
/// words on both sides of it; for any other there is nothing.
/// </summary>
internal sealed class InlineText
{
    /// <summary>The most characters of a text: many times those of the longest paragraph.</summary>
    public const int MostCharacters = 1 << 22;

    /// <summary>
    /// What a text costs in addition to its characters, so that a unit of countless empty ones is refused too.
    /// </summary>
    public const int CostOfAText = 64;

    private readonly StringBuilder _text = new();
    private readonly List<Segment> _segments = [];
    private bool _hasTextOutside;
    private string? _id;
    private int _segmentStart;
    private int _segmentTags;

    private InlineText() { }

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>How many elements were left out.</summary>
    public int Tags { get; private set; }

    /// <summary>
    /// The parts that XLIFF 1.2 marks as segments; none if it marks none, or if there is text outside of them, which
    /// would be lost.
    /// </summary>
    public IReadOnlyList<Segment> Segments => _hasTextOutside ? [] : _segments;

    /// <summary>Reads the current element to its end.</summary>
    /// <exception cref="UserErrorException">The file is damaged here, or the text is too long.</exception>
    public static InlineText Read(MarkupReader xml)
    {
        var text = new InlineText();
        if (!xml.IsEmpty)
        {
            text.ReadContent(xml);
            text.CountTagsOutside();
        }

        return text;
    }

    private void ReadContent(MarkupReader xml)
    {
        var depth = xml.Depth;
        int? codes = null;
        int? segment = null;
        while (xml.Read() && xml.Depth > depth)
        {
            if (codes is { } code)
            {
                codes = xml.IsEnd && xml.Depth == code ? null : code;
            }
            else if (xml.IsStart && segment is null && IsSegment(xml))
            {
                Open(xml.Attribute("mid") ?? "");
                segment = xml.IsEmpty ? Close(xml) : xml.Depth;
            }
            else if (xml.IsStart)
            {
                Tags++;
                codes = HoldsCodes(xml.Name) && !xml.IsEmpty ? xml.Depth : null;
                _text.Append(IsBreak(xml) ? " " : "");
            }
            else if (xml.IsEnd && xml.Depth == segment)
            {
                segment = Close(xml);
            }
            else
            {
                var start = _text.Length;
                xml.AppendTo(_text, MostCharacters);
                _hasTextOutside |=
                    segment is null && !string.IsNullOrWhiteSpace(_text.ToString(start, _text.Length - start));
            }
        }
    }

    /// <summary>Tags around and between segments are left out, too: they count to the first.</summary>
    private void CountTagsOutside()
    {
        if (_segments is [var first, ..])
        {
            _segments[0] = first with { Tags = Tags - _segments.Skip(1).Sum(segment => segment.Tags) };
        }
    }

    private void Open(string id) => (_id, _segmentStart, _segmentTags) = (id, _text.Length, Tags);

    private int? Close(MarkupReader xml)
    {
        _segments.Add(
            new Segment(_id!, _text.ToString(_segmentStart, _text.Length - _segmentStart), Tags - _segmentTags)
        );
        xml.RequireAtMost(_text.Length + CostOfAText * _segments.Count, MostCharacters);
        return null;
    }

    private static bool IsSegment(MarkupReader xml) => xml.Name == "mrk" && xml.Attribute("mtype") == "seg";

    private static bool HoldsCodes(string name) => name is "bpt" or "ept" or "it" or "ph" or "ut";

    /// <summary>TMX: <c>type</c>; XLIFF 1.2: <c>ctype</c>; XLIFF 2: <c>subType</c>.</summary>
    private static bool IsBreak(MarkupReader xml) =>
        IsBreak(xml.Attribute("type")) || IsBreak(xml.Attribute("ctype")) || IsBreak(xml.Attribute("subType"));

    private static bool IsBreak(string? type) => type is "lb" or "pb" or "cb" or "x-br" or "xlf:lb" or "xlf:pb";
}
