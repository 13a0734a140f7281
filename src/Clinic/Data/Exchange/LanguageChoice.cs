using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// Which two languages of a file are source and target. Where somebody named both, these; otherwise the two that the
/// file has, if it has exactly two: the one that the file calls its source is the source.
/// </summary>
/// <param name="wanted">What was named.</param>
internal sealed class LanguageChoice(LanguagePair wanted)
{
    private readonly LanguageCounts _languages = new();
    private string? _doubt;

    /// <summary>Source and target; null as long as they are not known.</summary>
    public (string Source, string Target)? Pair { get; private set; } =
        wanted is { Source: { } source, Target: { } target } ? (source, target) : null;

    /// <summary>Whether the file leaves open which languages to take, so that there is no use in its pairs.</summary>
    public bool IsInDoubt => _doubt is not null;

    /// <summary>The language that was seen first.</summary>
    public string First => _languages.Tags.First();

    /// <summary>Takes the languages of a unit into account.</summary>
    public void Add(TranslationUnit unit)
    {
        foreach (var text in unit.Texts)
        {
            _languages.Add(text.Language);
        }

        if (wanted is { Source: not null, Target: not null })
        {
            return;
        }

        if (_languages.Tags.Count > 2)
        {
            var more = _languages.IsFull ? " or more" : "";
            _doubt = string.Create(
                CultureInfo.InvariantCulture,
                $"there are {_languages.Tags.Count:N0}{more} languages, and nothing says which two to take"
            );
        }
        else if (_languages.Tags.Count == 2 && Pair is null)
        {
            Decide(unit.SourceLanguage, [.. _languages.Tags]);
        }
    }

    /// <summary>That no pair can be had, and why.</summary>
    /// <param name="name">The file.</param>
    /// <param name="ledger">The account of its units.</param>
    public UserErrorException Refusal(string name, Ledger ledger) =>
        _languages.Tags.Count == 0 ? new($"{name}: there is no text in it.")
        : _doubt is null && Pair is { } pair
            ? new(
                $"{name}: no unit can be used as a pair of {pair.Source} and {pair.Target}. {ledger}. Languages here: "
                    + $"{_languages}. {wanted.Remedy}"
            )
        : new($"{name}: {_doubt ?? "pairs need two languages"}. Languages here: {_languages}. {wanted.Remedy}");

    private void Decide(string declaredSource, string[] two)
    {
        var source =
            wanted.Source is { } named ? Closest(named, two)
            : wanted.Target is { } other ? Other(Closest(other, two), two)
            : Closest(declaredSource, two);
        if (source is not null)
        {
            Pair = (source, Other(source, two)!);
            return;
        }

        _doubt = (wanted.Source ?? wanted.Target) is { } missing
            ? $"which of the two languages is {missing} cannot be told"
            : "the file does not say which of its two languages is the source";
    }

    /// <summary>The tag that fits a language better than the other; null if neither does.</summary>
    private static string? Closest(string language, string[] two)
    {
        var ranks = two.Select(tag => LanguageTag.Rank(language, tag) ?? int.MaxValue).ToArray();
        return ranks[0] == ranks[1] ? null
            : ranks[0] < ranks[1] ? two[0]
            : two[1];
    }

    private static string? Other(string? one, string[] two) =>
        one is null ? null
        : one == two[0] ? two[1]
        : two[0];
}
