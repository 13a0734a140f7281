using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Markdown;

/// <summary>
/// Markdown: CommonMark with the extensions that are in common use. The parser only finds where text is; the
/// translations are put into the characters of the file.
/// </summary>
internal sealed class MarkdownFormat : IDocumentFormat
{
    // A parser that looks ahead takes longer than in proportion; no page of documentation is longer.
    private const long MostBytes = 1L << 20;

    // For each bracket that is not closed the parser looks through the rest of the paragraph.
    private const int MostOpenBrackets = 500;

    /// <inheritdoc/>
    public string Name => "markdown";

    /// <inheritdoc/>
    public string Title => "Markdown";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".md", ".markdown"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes => ["text/markdown", "text/x-markdown"];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var limits = source.Limits with { MostTextBytes = Math.Min(MostBytes, source.Limits.MostTextBytes) };
        var text = EncodedText.Read(source with { Limits = limits });
        var found = new List<(int Start, int End, SourceSegment Segment)>();
        var lost = 0;
        CheckBrackets(text.Text, source);
        foreach (var block in Parsed(text.Text, source).Descendants<LeafBlock>())
        {
            if (block.Inline is { } inlines)
            {
                var reader = new MarkdownInlines(text.Text);
                var core = reader.Core(inlines);
                lost += reader.IsLost ? 1 : 0;
                if (core.Count > 0)
                {
                    found.Add((core[0].Start, core[^1].End, Segment(core, reader, block, text.Text)));
                }
            }
        }

        return new SplicedDocument(
            text,
            InOrder(found),
            notes: [.. Enumerable.Repeat("A block could not be located and stays as it is.", lost)]
        );
    }

    private static MarkdownDocument Parsed(string text, DocumentSource source)
    {
        var pipeline = new MarkdownPipelineBuilder()
            .UsePreciseSourceLocation()
            .UseYamlFrontMatter()
            .UsePipeTables()
            .UseGridTables()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseTaskLists()
            .UseFootnotes()
            .UseAutoLinks()
            .UseMathematics()
            .UseAlertBlocks()
            .Build();
        try
        {
            return Markdig.Markdown.Parse(text, pipeline);
        }
        catch (ArgumentException tooDeep)
        {
            throw source.Wrong(
                "its elements are nested too deeply, or a paragraph or table has too many of them. Divide it.",
                tooDeep
            );
        }
    }

    /// <summary>Refuses a paragraph with many brackets that are not closed.</summary>
    private static void CheckBrackets(string text, DocumentSource source)
    {
        var (square, round) = (0, 0);
        foreach (var line in SourceLine.Of(text))
        {
            (square, round) = line.IsBlank ? (0, 0) : (square, round);
            foreach (var c in line.Text)
            {
                square = Math.Max(
                    0,
                    square
                        + (
                            c == '[' ? 1
                            : c == ']' ? -1
                            : 0
                        )
                );
                round = Math.Max(
                    0,
                    round
                        + (
                            c == '(' ? 1
                            : c == ')' ? -1
                            : 0
                        )
                );
                if (square > MostOpenBrackets || round > MostOpenBrackets)
                {
                    throw source.Wrong(
                        $"a paragraph has more than {MostOpenBrackets} brackets that are not closed; no such document "
                            + "needs that."
                    );
                }
            }
        }
    }

    private static SourceSegment Segment(
        IReadOnlyList<SourcePart> core,
        MarkdownInlines reader,
        LeafBlock block,
        string text
    )
    {
        var emphasis = core.Where(part => part.Part.Kind == PartKind.Opening && reader.Emphasis.ContainsKey(part.Start))
            .Select(part => part.Part.Tag)
            .ToHashSet();
        var writer = new MarkdownWriter(emphasis, block.Parent is TableCell, IsLineStart(text, core[0].Start));
        return SourceSegment.Replaced(core, writer.Write);
    }

    /// <summary>Whether only markup is before a place in its line.</summary>
    private static bool IsLineStart(string text, int at)
    {
        var line = text.LastIndexOfAny(['\r', '\n'], Math.Max(0, at - 1));
        return !text.AsSpan(line + 1, Math.Max(0, at - line - 1)).ContainsAnyInRange('a', 'z');
    }

    /// <summary>The segments in the order of the text, in which footnotes are not last; none shares a character with
    /// another.</summary>
    private static List<SourceSegment> InOrder(IEnumerable<(int Start, int End, SourceSegment Segment)> found)
    {
        var segments = new List<SourceSegment>();
        var at = 0;
        foreach (var (start, end, segment) in found.OrderBy(one => one.Start).Where(one => one.Start < one.End))
        {
            if (start >= at)
            {
                segments.Add(segment);
                at = end;
            }
        }

        return segments;
    }
}
