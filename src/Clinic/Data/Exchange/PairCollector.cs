using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange;

/// <summary>Makes pairs of two languages from units of any, and keeps an account of the units.</summary>
/// <param name="name">The file's name in messages.</param>
/// <param name="wanted">The languages.</param>
internal sealed class PairCollector(string name, LanguagePair wanted)
{
    private const string Tagged = "without inline tags";

    private readonly LanguageChoice _choice = new(wanted);
    private readonly LedgerBuilder _ledger = new(Path.GetFileName(name));
    private readonly List<(int Line, bool HasText)> _early = [];
    private long _tags;

    /// <summary>Takes a unit into account.</summary>
    /// <returns>Its pair; null if it has none of these languages.</returns>
    public SentencePair? Add(TranslationUnit unit)
    {
        _choice.Add(unit);
        if (_choice.IsInDoubt)
        {
            // The rest is only read to say what is in the file.
            _early.Clear();
            return null;
        }

        if (_choice.Pair is not { } pair)
        {
            // All units so far have the same language, or no text.
            _early.Add((unit.Line, unit.Texts.Count > 0));
            return null;
        }

        DropEarly(pair);
        return Sort(unit, pair);
    }

    /// <summary>What happened to the units, and the languages of the pairs.</summary>
    /// <exception cref="UserErrorException">
    /// There are no pairs, or the file does not say which languages are to be taken.
    /// </exception>
    public (Ledger Ledger, (string Source, string Target) Languages) Result()
    {
        var ledger = _ledger.Build();
        return _choice.Pair is { } pair && !_choice.IsInDoubt && ledger.Kept > 0
            ? (
                ledger with
                {
                    Languages = $"{Named(pair.Source)} to {Named(pair.Target)}",
                    Changed = ledger.Changed?.Select(WithAllTags).ToList(),
                },
                pair
            )
            : throw _choice.Refusal(name, ledger);
    }

    private void DropEarly((string Source, string Target) pair)
    {
        foreach (var (line, hasText) in _early)
        {
            var missing =
                !hasText ? Both(pair)
                : _choice.First == pair.Source ? pair.Target
                : pair.Source;
            _ledger.Drop(Without(missing), line);
        }

        _early.Clear();
    }

    private SentencePair? Sort(TranslationUnit unit, (string Source, string Target) pair)
    {
        var (source, target) = PairOfTexts.In(unit.Texts, pair);
        if (unit.WhyNot is { } reason)
        {
            _ledger.Drop(reason, unit.Line);
        }
        else if (source is { } from && target is { } to)
        {
            return Keep(unit.Line, from, to, pair);
        }
        else
        {
            var missing =
                source is not null ? pair.Target
                : target is not null ? pair.Source
                : Both(pair);
            _ledger.Drop(Without(missing), unit.Line);
        }

        return null;
    }

    private SentencePair Keep(int line, ChosenText source, ChosenText target, (string Source, string Target) pair)
    {
        _ledger.Keep();
        if (source.Text.Tags + target.Text.Tags is var tags and > 0)
        {
            _tags += tags;
            _ledger.Change(Tagged, line);
        }

        if (source.IsFirstOfSeveral)
        {
            _ledger.Change($"with the first of several texts in {pair.Source}", line);
        }

        if (target.IsFirstOfSeveral)
        {
            _ledger.Change($"with the first of several texts in {pair.Target}", line);
        }

        return new SentencePair(source.Text.Text, target.Text.Text);
    }

    private LedgerEntry WithAllTags(LedgerEntry entry) =>
        entry.Reason == Tagged
            ? entry with
            {
                Reason = string.Create(CultureInfo.InvariantCulture, $"{Tagged}, {_tags:N0} in all"),
            }
            : entry;

    private static string Without(string languages) => $"without a text in {Named(languages)}";

    private static string Both((string Source, string Target) pair) => $"{Named(pair.Source)} or {Named(pair.Target)}";

    private static string Named(string tag) => tag.Length == 0 ? "a language that is not named" : tag;
}
