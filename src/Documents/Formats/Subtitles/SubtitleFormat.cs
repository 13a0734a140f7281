using System.Net;
using System.Text.RegularExpressions;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Subtitles;

/// <summary>
/// Subtitles: SubRip and WebVTT. A sentence over several cues is translated as one and divided among them by length;
/// times, numbers, settings, styles and notes stay.
/// </summary>
internal sealed partial class SubtitleFormat(SubtitleSyntax syntax) : IDocumentFormat
{
    private const int MostLines = 12;
    private const int MostCharacters = 600;

    // After a longer pause somebody else is heard, or another scene begins.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => IsVtt ? "vtt" : "srt";

    /// <inheritdoc/>
    public string Title => IsVtt ? "WebVTT subtitles" : "SubRip subtitles";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => IsVtt ? [".vtt", ".webvtt"] : [".srt"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes => IsVtt ? ["text/vtt"] : ["application/x-subrip", "text/srt"];

    private bool IsVtt => syntax == SubtitleSyntax.Vtt;

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var text = EncodedText.Read(source);
        var lines = SourceLine.Of(text.Text);
        if (IsVtt && (lines.Count == 0 || !Signature().IsMatch(lines[0].Text)))
        {
            throw source.Wrong("this is not WebVTT: its first line must begin with WEBVTT.");
        }

        var cues = IsVtt ? CueReader.Vtt(lines) : CueReader.Srt(lines);
        if (!IsVtt && cues.Count == 0)
        {
            throw source.Wrong("this is not SubRip: it has no line with times, such as 00:00:01,000 --> 00:00:02,500.");
        }

        Func<string, string> escape = IsVtt ? VttText : SrtText;
        return new SplicedDocument(text, [.. Groups(cues, text.Text, source.Options.EachLine).Select(Segment)]);

        SourceSegment Segment(List<Slot> group) => new SlotGroup(group, text.Text, escape).Segment();
    }

    private List<List<Slot>> Groups(IReadOnlyList<Cue> cues, string text, bool eachCue)
    {
        var groups = new List<List<Slot>>();
        Slot? before = null;
        foreach (var (number, cue) in cues.Index())
        {
            foreach (var line in cue.Lines)
            {
                var parsed = Parsed(line);
                var core = parsed.Core(text);
                var slot = core.Count > 0 ? new Slot(core, line, number, parsed.IsBalanced) : null;
                if (slot is not null && before is not null && Joins(slot))
                {
                    groups[^1].Add(slot);
                }
                else if (slot is not null)
                {
                    groups.Add([slot]);
                }

                before = slot;
            }
        }

        return groups;

        bool Joins(Slot next) =>
            SentenceFlow.IsOpen(before.Plain)
            && SentenceFlow.MayContinue(next.Plain)
            && groups[^1].Count < MostLines
            && groups[^1].Sum(slot => slot.Length) + next.Length <= MostCharacters
            && (
                before.Block == next.Block
                || (!eachCue && (cues[next.Block].From - cues[before.Block].To).Duration() <= LongestPause)
            );
    }

    /// <summary>A line's text and tags.</summary>
    private InlineBuilder Parsed(SourceLine line)
    {
        var builder = new InlineBuilder();
        var at = 0;
        foreach (Match tag in (IsVtt ? VttTag() : SrtTag()).Matches(line.Text))
        {
            AddText(at, tag.Index);
            at = tag.Index + tag.Length;
            var (start, end) = (line.Start + tag.Index, line.Start + at);
            var name = TagName().Match(tag.Value);
            if (!name.Success)
            {
                builder.Alone(start, end);
            }
            else if (name.Groups[1].Length > 0)
            {
                builder.Close(name.Groups[2].Value, start, end);
            }
            else
            {
                builder.Open(name.Groups[2].Value, start, end);
            }
        }

        AddText(at, line.Text.Length);
        return builder;

        void AddText(int from, int to)
        {
            if (to > from)
            {
                var raw = line.Text[from..to];
                builder.Text(IsVtt ? WebUtility.HtmlDecode(raw) : raw, line.Start + from, line.Start + to);
            }
        }
    }

    private static string VttText(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A translation must not look like a line of times.</summary>
    private static string SrtText(string text) => text.Replace("-->", "→", StringComparison.Ordinal);

    [GeneratedRegex(@"^WEBVTT(?:[ \t]|$)")]
    private static partial Regex Signature();

    [GeneratedRegex(@"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}|\{/?[biusy](?::\w+)?\}")]
    private static partial Regex SrtTag();

    [GeneratedRegex(@"<[^<>]*>")]
    private static partial Regex VttTag();

    [GeneratedRegex(@"^<(/?)([A-Za-z]+)")]
    private static partial Regex TagName();
}
