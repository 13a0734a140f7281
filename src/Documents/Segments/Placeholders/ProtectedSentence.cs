using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Placeholders;

/// <summary>
/// A sentence in which words that models copy, such as <c>A1</c>, take the place of placeholders. A translation counts
/// only if each of them is in it exactly once.
/// </summary>
internal sealed class ProtectedSentence
{
    private readonly string _sentence;
    private readonly IReadOnlyList<TextRange> _placeholders;
    private readonly List<string> _words;

    private ProtectedSentence(string sentence, IReadOnlyList<TextRange> placeholders, List<string> words)
    {
        (_sentence, _placeholders, _words) = (sentence, placeholders, words);
        var changes = placeholders.Zip(words, (placeholder, word) => (placeholder, word)).ToList();
        Sent = Replaced.In(sentence, changes);
    }

    /// <summary>The sentence to translate, and where its characters come from.</summary>
    public Replaced Sent { get; }

    /// <summary>A sentence whose placeholders are protected; null if it has more than there are words for.</summary>
    public static ProtectedSentence? Of(string sentence)
    {
        var placeholders = PlaceholderFinder.Find(sentence);
        var words = Words().Where(word => !sentence.Contains(word, StringComparison.Ordinal)).Take(placeholders.Count);
        return words.ToList() is { } chosen && chosen.Count == placeholders.Count
            ? new ProtectedSentence(sentence, placeholders, chosen)
            : null;
    }

    /// <summary>A translation with the placeholders in it; null unless each came through exactly once.</summary>
    public Replaced? Restored(string translation)
    {
        var changes = new List<(TextRange Range, string Text)>();
        foreach (var (word, placeholder) in _words.Zip(_placeholders))
        {
            var places = Occurrences(translation, word);
            if (places.Count != 1)
            {
                return null;
            }

            changes.Add((places[0], placeholder.Of(_sentence)));
        }

        var restored = Replaced.In(translation, [.. changes.OrderBy(change => change.Range.Start)]);
        return PlaceholderCounts.Same(_sentence, restored.Text) ? restored : null;
    }

    private static List<TextRange> Occurrences(string text, string word)
    {
        var found = new List<TextRange>();
        for (
            var at = text.IndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.Ordinal)
        )
        {
            found.Add(new TextRange(at, at + word.Length));
        }

        return found.TrueForAll(place => IsWord(text, place)) ? found : [];
    }

    private static bool IsWord(string text, TextRange place) =>
        (place.Start == 0 || !char.IsLetterOrDigit(text[place.Start - 1]))
        && (place.End == text.Length || !char.IsLetterOrDigit(text[place.End]));

    /// <summary>
    /// Names of cells and paper sizes: models see them in ordinary text, so that they have learned to copy them.
    /// </summary>
    private static IEnumerable<string> Words() => ["A1", "B2", "C3", "D4", "E5", "A7", "B8", "C9"];
}
