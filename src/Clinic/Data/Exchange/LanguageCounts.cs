using System.Globalization;

namespace TransformerClinic.Data.Exchange;

/// <summary>The languages of a file's texts, in the order in which they are first seen.</summary>
internal sealed class LanguageCounts
{
    private const int Most = 1000;
    private const int Shown = 12;
    private const int MostOfATag = 40;

    private readonly Dictionary<string, (int Place, long Texts)> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The languages.</summary>
    public IReadOnlyCollection<string> Tags => _counts.Keys;

    /// <summary>Whether there are too many to be languages: further ones are not counted.</summary>
    public bool IsFull => _counts.Count >= Most;

    /// <summary>Counts a text.</summary>
    public void Add(string tag)
    {
        var key = tag.Length <= MostOfATag ? tag : tag[..MostOfATag];
        if (_counts.TryGetValue(key, out var entry))
        {
            _counts[key] = entry with { Texts = entry.Texts + 1 };
        }
        else if (!IsFull)
        {
            _counts[key] = (_counts.Count, 1);
        }
    }

    /// <summary>The languages with the number of texts, the most frequent first.</summary>
    public override string ToString()
    {
        var shown = _counts
            .OrderByDescending(entry => entry.Value.Texts)
            .ThenBy(entry => entry.Value.Place)
            .Take(Shown)
            .Select(entry => $"{Named(entry.Key)} ({Counted(entry.Value.Texts)})");
        var more = _counts.Count - Shown;
        return string.Join(", ", shown)
            + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more:N0} more") : "");
    }

    private static string Counted(long texts) =>
        texts == 1 ? "1 text" : string.Create(CultureInfo.InvariantCulture, $"{texts:N0} texts");

    private static string Named(string tag) => tag.Length == 0 ? "one that is not named" : tag;
}
