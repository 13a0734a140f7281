using System.Text.RegularExpressions;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.PlainText;

/// <summary>
/// Plain text. Each line is a segment, except that lines of a wrapped paragraph are translated together where a
/// sentence continues; the translation gets as many lines.
/// </summary>
internal sealed partial class PlainTextFormat : IDocumentFormat
{
    // Shorter lines are verses, addresses or items: no paragraph is wrapped so narrowly.
    private const int LeastWrapped = 40;
    private const int MostLines = 100;

    /// <inheritdoc/>
    public string Name => "text";

    /// <inheritdoc/>
    public string Title => "plain text";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".txt", ".text"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes => ["text/plain"];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var text = EncodedText.Read(source);
        var groups = new List<List<Slot>>();
        SourceLine? before = null;
        foreach (var line in SourceLine.Of(text.Text))
        {
            if (SlotOf(line, text.Text) is { } slot)
            {
                if (before is { } last && !source.Options.EachLine && Joins(last, line, groups[^1].Count))
                {
                    groups[^1].Add(slot);
                }
                else
                {
                    groups.Add([slot]);
                }

                before = line;
            }
            else
            {
                before = null;
            }
        }

        return new SplicedDocument(
            text,
            [.. groups.Select(group => new SlotGroup(group, text.Text, escaped => escaped).Segment())]
        );
    }

    private static Slot? SlotOf(SourceLine line, string text)
    {
        var builder = new InlineBuilder();
        builder.Text(line.Text, line.Start, line.End);
        var core = builder.Core(text);
        return core.Count > 0 ? new Slot(core, line, 0, IsWhole: true) : null;
    }

    private static bool Joins(SourceLine before, SourceLine line, int count) =>
        count < MostLines
        && before.Text.Trim().Length >= LeastWrapped
        && SentenceFlow.IsOpen(before.Text)
        && SentenceFlow.MayContinue(line.Text)
        && !Item().IsMatch(line.Text)
        && !Columns().IsMatch(before.Text)
        && !Columns().IsMatch(line.Text);

    [GeneratedRegex(@"^\s*(?:\d{1,3}|\w)[.)]\s")]
    private static partial Regex Item();

    [GeneratedRegex(@"\S(?: {3,}|\t)\S")]
    private static partial Regex Columns();
}
