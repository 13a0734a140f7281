using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>A rule: between text that matches one expression and text that matches another, break or do not.</summary>
internal sealed class SrxRule
{
    private readonly Regex _between;

    /// <summary>A rule of .NET's expressions.</summary>
    /// <param name="breaks">Whether a sentence ends where the rule matches.</param>
    /// <param name="before">What ends at the place; empty for anything.</param>
    /// <param name="after">What begins at the place; empty for anything.</param>
    /// <param name="place">What and where the rule is, in words.</param>
    /// <param name="patience">How long a match may take.</param>
    /// <exception cref="ArgumentException">An expression is not valid.</exception>
    public SrxRule(bool breaks, string before, string after, string place, TimeSpan patience)
    {
        // Exceptions are asked about one place; rules that break look for all places.
        var anchor = breaks ? "" : @"\G";
        (Breaks, Place) = (breaks, place);
        _between = new Regex($"{anchor}(?<=(?:{before}))(?=(?:{after}))", RegexOptions.CultureInvariant, patience);
    }

    /// <summary>Whether a sentence ends where the rule matches.</summary>
    public bool Breaks { get; }

    /// <summary>What and where the rule is, in words.</summary>
    public string Place { get; }

    /// <summary>Every place in a text where the rule matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inTime">Asked at every place whether there is time for more.</param>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public List<int> Places(string text, Func<bool> inTime)
    {
        var places = new List<int>();
        foreach (var match in _between.EnumerateMatches(text))
        {
            places.Add(inTime() ? match.Index : throw new RegexMatchTimeoutException());
        }

        return places;
    }

    /// <summary>Whether the rule matches at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">The place.</param>
    /// <param name="inTime">Asked whether there is time.</param>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public bool MatchesAt(string text, int place, Func<bool> inTime) =>
        inTime() ? _between.IsMatch(text, place) : throw new RegexMatchTimeoutException();
}
