using System.Text;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Placeholders;

/// <summary>A text in which stretches were replaced, and which place of it was which place before, both ways.</summary>
internal sealed class Replaced
{
    private readonly List<(TextRange Before, TextRange After)> _changes = [];

    private Replaced(string text) => Text = text;

    /// <summary>The text with the replacements.</summary>
    public string Text { get; }

    /// <summary>A text with stretches replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="changes">The stretches in their order, without overlap, and what takes their place.</param>
    public static Replaced In(string text, IReadOnlyList<(TextRange Range, string Text)> changes)
    {
        var result = new StringBuilder();
        var places = new List<(TextRange, TextRange)>();
        var at = 0;
        foreach (var (range, replacement) in changes)
        {
            result.Append(text, at, range.Start - at);
            places.Add((range, new TextRange(result.Length, result.Length + replacement.Length)));
            result.Append(replacement);
            at = range.End;
        }

        result.Append(text, at, text.Length - at);
        var replaced = new Replaced(result.ToString());
        replaced._changes.AddRange(places);
        return replaced;
    }

    /// <summary>A range of the text before in the text after; a replaced stretch counts as a whole.</summary>
    public TextRange After(TextRange before) =>
        new(
            Mapped(before.Start, false, change => (change.Before, change.After)),
            Mapped(before.End, true, change => (change.Before, change.After))
        );

    /// <summary>A range of the text after in the text before; a replaced stretch counts as a whole.</summary>
    public TextRange Before(TextRange after) =>
        new(
            Mapped(after.Start, false, change => (change.After, change.Before)),
            Mapped(after.End, true, change => (change.After, change.Before))
        );

    private int Mapped(
        int place,
        bool isEnd,
        Func<(TextRange Before, TextRange After), (TextRange From, TextRange To)> direction
    )
    {
        var shift = 0;
        foreach (var (from, to) in _changes.Select(direction))
        {
            if (place <= from.Start)
            {
                break;
            }

            if (place < from.End)
            {
                return isEnd ? to.End : to.Start;
            }

            shift = to.End - from.End;
        }

        return place + shift;
    }
}
