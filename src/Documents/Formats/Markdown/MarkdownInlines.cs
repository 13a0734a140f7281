using Markdig.Extensions.Footnotes;
using Markdig.Syntax.Inlines;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Markdown;

/// <summary>Reads the inline elements of a block into a segment.</summary>
/// <param name="text">The document's text.</param>
internal sealed class MarkdownInlines(string text)
{
    private readonly InlineBuilder _builder = new();
    private readonly Dictionary<int, string> _emphasis = [];
    private int _at;
    private bool _lineBreak;
    private bool _hard;

    /// <summary>Whether the parser's places are not those of the text, so that the block stays as it is.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The places of the delimiters of emphasis, which must not have space inside.</summary>
    public IReadOnlyDictionary<int, string> Emphasis => _emphasis;

    /// <summary>The parts of a block's core; none if there is nothing to translate.</summary>
    public IReadOnlyList<SourcePart> Core(ContainerInline inlines)
    {
        _at = inlines.FirstChild?.Span.Start ?? 0;
        AddChildren(inlines);
        return IsLost ? [] : _builder.Core(text);
    }

    private void AddChildren(ContainerInline inlines)
    {
        foreach (var inline in inlines)
        {
            if (inline is FootnoteLink { IsBackLink: true })
            {
                continue;
            }

            if (inline is LineBreakInline lineBreak)
            {
                (_lineBreak, _hard) = (true, lineBreak.IsHard);
                continue;
            }

            Reach(inline.Span.Start);
            if (IsLost || inline.Span.End >= text.Length || inline.Span.End + 1 < inline.Span.Start)
            {
                IsLost = true;
                return;
            }

            Add(inline);
            _at = inline.Span.End + 1;
        }
    }

    private void Add(Inline inline)
    {
        var (start, end) = (inline.Span.Start, inline.Span.End + 1);
        switch (inline)
        {
            case LiteralInline literal:
                var content = literal.Content.ToString();
                IsLost |= !text[start..end].Contains(content, StringComparison.Ordinal);
                _builder.Text(content, start, end);
                break;
            case HtmlEntityInline entity:
                _builder.Text(entity.Transcoded.ToString(), start, end);
                break;
            case EmphasisInline emphasis:
                _emphasis[start] = emphasis.DelimiterChar.ToString();
                AddPair(emphasis, start, start + emphasis.DelimiterCount, end - emphasis.DelimiterCount, end);
                break;
            case LinkInline { IsAutoLink: false, FirstChild: { } first, LastChild: { } last } link:
                AddPair(link, start, first.Span.Start, last.Span.End + 1, end);
                break;
            case HtmlInline html:
                AddHtml(html.Tag, start, end);
                break;
            default:
                _builder.Alone(start, end);
                break;
        }
    }

    private void AddPair(ContainerInline inlines, int start, int from, int to, int end)
    {
        if (from < start || to < from || end < to)
        {
            IsLost = true;
            return;
        }

        var name = $"at {start}";
        _builder.Open(name, start, from);
        _at = from;
        AddChildren(inlines);
        Reach(to);
        _builder.Close(name, to, end);
    }

    private void AddHtml(string tag, int start, int end)
    {
        var name = new string([.. tag.TrimStart('<', '/').TakeWhile(char.IsLetterOrDigit)]);
        if (name.Length == 0 || tag.EndsWith("/>", StringComparison.Ordinal))
        {
            _builder.Alone(start, end);
        }
        else if (tag.StartsWith("</", StringComparison.Ordinal))
        {
            _builder.Close($"html {name}", start, end);
        }
        else
        {
            _builder.Open($"html {name}", start, end);
        }
    }

    /// <summary>What is between two elements: a line break with the beginning of the next line, or white
    /// space.</summary>
    private void Reach(int next)
    {
        if (next < _at || next > text.Length)
        {
            IsLost = true;
        }
        else if (_lineBreak && _hard)
        {
            _builder.Alone(_at, next);
        }
        else if (next > _at)
        {
            var between = text[_at..next];
            if (_lineBreak || string.IsNullOrWhiteSpace(between))
            {
                _builder.Text(" ", _at, next);
            }
            else
            {
                _builder.Alone(_at, next);
            }
        }

        (_lineBreak, _at) = (false, next);
    }
}
