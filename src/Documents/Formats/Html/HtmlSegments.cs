using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>Collects the segments of an HTML text: a segment ends where a block begins or ends.</summary>
/// <param name="text">The text.</param>
/// <param name="pieces">Its pieces.</param>
internal sealed partial class HtmlSegments(string text, IReadOnlyList<HtmlPiece> pieces)
{
    private const int MostLevels = 256;

    private readonly List<SourceSegment> _segments = [];
    private InlineBuilder _builder = new();

    /// <summary>All segments.</summary>
    public IReadOnlyList<SourceSegment> All()
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            switch (piece.Kind)
            {
                case HtmlTokenType.Character:
                    _builder.Text(Blanks().Replace(piece.Text, " "), piece.Start, piece.End);
                    break;
                case HtmlTokenType.StartTag:
                    i = AddElement(i);
                    break;
                case HtmlTokenType.EndTag when HtmlElements.IsInline(piece.Name):
                    _builder.Close(piece.Name, piece.Start, piece.End);
                    break;
                case HtmlTokenType.Comment when !_builder.IsEmpty:
                    _builder.Alone(piece.Start, piece.End);
                    break;
                case HtmlTokenType.Comment:
                    break;
                default:
                    EndSegment();
                    break;
            }
        }

        EndSegment();
        return _segments;
    }

    /// <summary>Adds a start tag, or an element that is left as it is.</summary>
    /// <returns>The last piece that was added.</returns>
    private int AddElement(int start)
    {
        var tag = pieces[start];
        if (HtmlElements.IsUntouched(tag))
        {
            var last = EndOf(start);
            AddKept(tag, pieces[last].End);
            return last;
        }

        _segments.AddRange(HtmlAttribute.Segments(text, tag));
        if (tag.Name == "br" && !Continues(start))
        {
            EndSegment();
        }
        else if (HtmlElements.IsVoid(tag.Name))
        {
            AddKept(tag, tag.End);
        }
        else if (HtmlElements.IsInline(tag.Name))
        {
            _builder.Open(tag.Name, tag.Start, tag.End);
        }
        else
        {
            EndSegment();
        }

        return start;
    }

    private void AddKept(HtmlPiece tag, int end)
    {
        if (HtmlElements.IsInline(tag.Name))
        {
            _builder.Alone(tag.Start, end);
        }
        else
        {
            EndSegment();
        }
    }

    /// <summary>The last piece of an element: its end tag, or what precedes the tag that ends it without.</summary>
    private int EndOf(int start)
    {
        if (HtmlElements.IsVoid(pieces[start].Name))
        {
            return start;
        }

        var open = new List<string>();
        for (var i = start; i < pieces.Count; i++)
        {
            var (kind, name) = (pieces[i].Kind, pieces[i].Name);
            if (kind == HtmlTokenType.StartTag)
            {
                if (open.Count > 0 && HtmlElements.EndsBefore(open[^1], name))
                {
                    open.RemoveAt(open.Count - 1);
                    if (open.Count == 0)
                    {
                        return i - 1;
                    }
                }

                if (!HtmlElements.IsVoid(name) && open.Count < MostLevels)
                {
                    open.Add(name);
                }
            }
            else if (kind == HtmlTokenType.EndTag)
            {
                var closed = open.LastIndexOf(name);
                if (closed == 0)
                {
                    return i;
                }

                if (closed > 0)
                {
                    open.RemoveRange(closed, open.Count - closed);
                }
                else if (!HtmlElements.IsInline(name) && EndsOuter(open[0]))
                {
                    return i - 1;
                }
            }
        }

        return pieces.Count - 1;
    }

    /// <summary>Whether the end of an element around it ends an element as well, because it needs no end tag.</summary>
    private static bool EndsOuter(string name) =>
        name is "p" or "li" or "dt" or "dd" or "td" or "th" or "tr" or "option" || HtmlElements.IsInline(name);

    /// <summary>Whether a sentence continues after a line break.</summary>
    private bool Continues(int lineBreak)
    {
        for (var i = lineBreak + 1; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            if (piece.Kind == HtmlTokenType.Character && !string.IsNullOrWhiteSpace(piece.Text))
            {
                return SentenceFlow.SurelyContinues(_builder.LastText, piece.Text);
            }

            if (piece.Name == "br" || (piece.Name.Length > 0 && !HtmlElements.IsInline(piece.Name)))
            {
                return false;
            }
        }

        return false;
    }

    private void EndSegment()
    {
        if (!_builder.IsEmpty && _builder.Core(text) is { Count: > 0 } core)
        {
            _segments.Add(SourceSegment.Replaced(core, Render));
        }

        _builder = new InlineBuilder();
    }

    private static string Render(MarkedText translation, Func<TextPart, string> markup) =>
        string.Concat(translation.Parts.Select(part => part.Kind == PartKind.Text ? Escaped(part.Text) : markup(part)));

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\u00A0", "&nbsp;", StringComparison.Ordinal);

    [GeneratedRegex(@"[ \t\r\n\f]+")]
    private static partial Regex Blanks();
}
