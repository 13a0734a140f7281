using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>Words as alignments count them: separated by white space.</summary>
internal static class Words
{
    /// <summary>The words of a part of a text, in their order.</summary>
    public static IReadOnlyList<TextRange> Of(string text, TextRange part)
    {
        var words = new List<TextRange>();
        var start = -1;
        for (var place = part.Start; place <= part.End; place++)
        {
            if (place < part.End && !char.IsWhiteSpace(text[place]))
            {
                start = start < 0 ? place : start;
            }
            else if (start >= 0)
            {
                words.Add(new TextRange(start, place));
                start = -1;
            }
        }

        return words;
    }

    /// <summary>The words of a text, in their order.</summary>
    public static IReadOnlyList<TextRange> Of(string text) => Of(text, new TextRange(0, text.Length));

    /// <summary>How many characters at the beginning of a word are neither letter nor digit; 0 if all are.</summary>
    public static int Leading(string text, TextRange word)
    {
        var place = word.Start;
        while (place < word.End && !IsCore(text, place))
        {
            place++;
        }

        return place == word.End ? 0 : place - word.Start;
    }

    /// <summary>How many characters at the end of a word are neither letter nor digit; 0 if all are.</summary>
    public static int Trailing(string text, TextRange word)
    {
        var place = word.End;
        while (place > word.Start && !IsCore(text, place - 1))
        {
            place--;
        }

        return place == word.Start ? 0 : word.End - place;
    }

    /// <summary>Whether a part of a text has a letter or a digit.</summary>
    public static bool HasCore(string text, TextRange part) =>
        Enumerable.Range(part.Start, part.Length).Any(place => IsCore(text, place));

    // Halves of surrogate pairs count as letters: a place between the two would cut a character.
    private static bool IsCore(string text, int place) =>
        char.IsLetterOrDigit(text[place])
        || char.IsSurrogate(text[place])
        || char.GetUnicodeCategory(text[place]) is System.Globalization.UnicodeCategory.NonSpacingMark;
}
