using System.Text;

namespace TransformerClinic.Documents.Formats.Markdown;

/// <summary>Writes the translation of a block.</summary>
/// <param name="emphasis">The markup that is emphasis.</param>
/// <param name="inTable">Whether the block is a cell of a table.</param>
/// <param name="atStart">Whether it begins a line.</param>
internal sealed class MarkdownWriter(IReadOnlySet<int> emphasis, bool inTable, bool atStart)
{
    /// <summary>The translation as Markdown.</summary>
    /// <param name="translation">The translation.</param>
    /// <param name="markup">The characters of each markup.</param>
    public string Write(MarkedText translation, Func<TextPart, string> markup)
    {
        var result = new StringBuilder();
        var begins = atStart;
        foreach (var part in Tightened(translation.Parts))
        {
            if (part.Kind == PartKind.Text)
            {
                result.Append(MarkdownText.Escaped(part.Text, begins, inTable));
                begins = false;
            }
            else
            {
                var characters = markup(part);
                result.Append(characters);
                begins = characters.AsSpan().ContainsAny('\r', '\n');
            }
        }

        return result.ToString();
    }

    /// <summary>
    /// The parts without space just inside of emphasis, where its delimiters would be text, and without emphasis around
    /// nothing.
    /// </summary>
    private List<TextPart> Tightened(IEnumerable<TextPart> parts)
    {
        var tight = new List<TextPart>();
        foreach (var part in parts.Where(part => part.Kind != PartKind.Text || part.Text.Length > 0))
        {
            if (part.Kind == PartKind.Closing && emphasis.Contains(part.Tag))
            {
                Close(tight, part);
            }
            else if (part.Kind == PartKind.Text && tight.Count > 0 && IsOpening(tight[^1]))
            {
                Begin(tight, part.Text);
            }
            else
            {
                tight.Add(part);
            }
        }

        return tight;
    }

    private bool IsOpening(TextPart part) => part.Kind == PartKind.Opening && emphasis.Contains(part.Tag);

    /// <summary>Adds text after the beginnings of emphasis; space at its start goes before them.</summary>
    private void Begin(List<TextPart> tight, string text)
    {
        var rest = text.TrimStart();
        var at = tight.Count;
        while (at > 0 && IsOpening(tight[at - 1]))
        {
            at--;
        }

        if (rest.Length < text.Length)
        {
            tight.Insert(at, TextPart.Of(text[..^rest.Length]));
        }

        if (rest.Length > 0)
        {
            tight.Add(TextPart.Of(rest));
        }
    }

    private void Close(List<TextPart> tight, TextPart closing)
    {
        if (IsOpening(tight[^1]))
        {
            tight.RemoveAt(tight.Count - 1);
            return;
        }

        var text = tight[^1].Kind == PartKind.Text ? tight[^1].Text : "";
        var rest = text.TrimEnd();
        if (rest.Length == text.Length)
        {
            tight.Add(closing);
            return;
        }

        tight[^1] = TextPart.Of(rest);
        tight.Add(closing);
        tight.Add(TextPart.Of(text[rest.Length..]));
    }
}
