using System.Text;
using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>
/// A segment's text without its markup, and where in it each piece of markup is. Where markup by itself, such as a line
/// break, is all that separates two words, the text has a space that the segment has not.
/// </summary>
internal sealed class SourceText
{
    private SourceText(string text, IReadOnlyList<PlacedTag> tags, IReadOnlySet<int> added) =>
        (Text, Tags, Added) = (text, tags, added);

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The markup in its order.</summary>
    public IReadOnlyList<PlacedTag> Tags { get; }

    /// <summary>Places of spaces in the text that the segment has not.</summary>
    public IReadOnlySet<int> Added { get; }

    /// <summary>The text of a segment.</summary>
    public static SourceText Of(MarkedText segment)
    {
        var plain = segment.Plain;
        var placeholders = PlaceholderFinder.Find(plain);
        var (text, tags, added) = (new StringBuilder(), new List<PlacedTag>(), new HashSet<int>());
        var place = 0;
        var separated = false;
        foreach (var part in segment.Parts)
        {
            if (part.Kind == PartKind.Text)
            {
                if (separated && part.Text.Length > 0 && NeedsSpace(plain, place, placeholders))
                {
                    added.Add(text.Length);
                    text.Append(' ');
                }

                text.Append(part.Text);
                place += part.Text.Length;
                separated &= part.Text.Length == 0;
            }
            else
            {
                tags.Add(new PlacedTag(part, text.Length));
                separated |= part.Kind == PartKind.Alone;
            }
        }

        return new SourceText(text.ToString(), tags, added);
    }

    /// <summary>Whether words would run together: a word begins here, and no white space is before it.</summary>
    private static bool NeedsSpace(string plain, int place, IReadOnlyList<TextRange> placeholders) =>
        place > 0
        && place < plain.Length
        && !char.IsWhiteSpace(plain[place - 1])
        && !char.IsLowSurrogate(plain[place])
        && (char.IsLetterOrDigit(plain[place]) || char.IsHighSurrogate(plain[place]) || Opens(plain[place]))
        && !placeholders.Any(placeholder => placeholder.Start < place && place < placeholder.End);

    private static bool Opens(char sign) =>
        char.GetUnicodeCategory(sign)
            is System.Globalization.UnicodeCategory.OpenPunctuation
                or System.Globalization.UnicodeCategory.InitialQuotePunctuation;
}

/// <summary>A piece of markup, and where it is.</summary>
/// <param name="Part">The markup.</param>
/// <param name="Place">The place in the text before which it is.</param>
internal readonly record struct PlacedTag(TextPart Part, int Place);
