namespace TransformerClinic.Data.Exchange;

/// <summary>A text that was chosen for a language.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsFirstOfSeveral">Whether the unit has another one that fits the language as well.</param>
internal readonly record struct ChosenText(UnitText Text, bool IsFirstOfSeveral);

/// <summary>Finds the texts of two languages in a unit.</summary>
internal static class PairOfTexts
{
    /// <summary>The text that fits each language best, the first of equals; null where none does.</summary>
    public static (ChosenText? Source, ChosenText? Target) In(
        IReadOnlyList<UnitText> texts,
        (string Source, string Target) languages
    )
    {
        var (source, target) = (Best(texts, languages.Source, []), Best(texts, languages.Target, []));
        if (source is not { } from || target is not { } to || from.Place != to.Place)
        {
            return (Chosen(texts, source), Chosen(texts, target));
        }

        // One text fits both, as en-US fits en and en-GB: whichever finds a better substitute gives way.
        var (otherSource, otherTarget) = (
            Best(texts, languages.Source, [to.Place]),
            Best(texts, languages.Target, [from.Place])
        );
        var sourceGivesWay =
            (otherSource?.Rank ?? int.MaxValue) - from.Rank < (otherTarget?.Rank ?? int.MaxValue) - to.Rank;
        return sourceGivesWay
            ? (Chosen(texts, otherSource), Chosen(texts, target))
            : (Chosen(texts, source), Chosen(texts, otherTarget));
    }

    private static (int Place, int Rank, int Ties)? Best(
        IReadOnlyList<UnitText> texts,
        string language,
        ReadOnlySpan<int> without
    )
    {
        (int Place, int Rank, int Ties)? best = null;
        for (var i = 0; i < texts.Count; i++)
        {
            if (without.Contains(i) || LanguageTag.Rank(language, texts[i].Language) is not { } rank)
            {
                continue;
            }

            best =
                best is not { } found || rank < found.Rank ? (i, rank, 1)
                : rank == found.Rank ? found with { Ties = found.Ties + 1 }
                : found;
        }

        return best;
    }

    private static ChosenText? Chosen(IReadOnlyList<UnitText> texts, (int Place, int Rank, int Ties)? best) =>
        best is { } found ? new ChosenText(texts[found.Place], found.Ties > 1) : null;
}
