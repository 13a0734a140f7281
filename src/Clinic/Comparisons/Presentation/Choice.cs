using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>What to choose for a purpose, by the numbers of a comparison only.</summary>
/// <param name="Purpose">What counts.</param>
/// <param name="Names">What to choose.</param>
/// <param name="Why">The numbers that say so.</param>
internal sealed record Choice(string Purpose, string Names, string Why)
{
    /// <summary>In words.</summary>
    public string Words => $"{char.ToUpperInvariant(Purpose[0])}{Purpose[1..]}: {Names}. {Why}";

    // Times and memory of one machine under other load differ by a few percent.
    private const double Notable = 0.05;

    /// <summary>The choices that the numbers support; none if nothing trained.</summary>
    /// <param name="ranking">The candidates, the best one first.</param>
    public static IReadOnlyList<Choice> Of(IReadOnlyList<RankedCandidate> ranking)
    {
        if (ranking is not [{ Trained: true } best, ..])
        {
            return [];
        }

        RankedCandidate[] level = [.. ranking.Where(one => one.Trained && one.Failed == 0 && IsLevel(one, best))];
        return
        [
            Lowest(best, level),
            .. Cheapest("same loss in less time", "seconds per update", best, level, one => one.SecondsPerUpdate),
            .. Cheapest("same loss with less memory", "MiB", best, level, one => one.MemoryMiB),
            .. Tolerant(ranking),
            .. Failing(ranking),
        ];
    }

    private static bool IsLevel(RankedCandidate one, RankedCandidate best) =>
        one.BehindBest is null
            ? one.Nll!.Mean - best.Nll!.Mean <= (one.Nll.Count > 1 && best.Nll.Count > 1 ? 0 : Thresholds.Notable)
            : !one.IsBehind;

    private static Choice Lowest(RankedCandidate best, IReadOnlyList<RankedCandidate> level)
    {
        var others = level.Where(one => one != best).Select(one => one.Candidate.Name).ToList();
        var seeds = best.Nll!.Count == 1 ? "one seed" : $"{best.Nll.Count} seeds";
        return new Choice(
            "lowest validation loss at this budget",
            best.Candidate.Name,
            $"{Numbers.Loss(best.Nll.Mean)} nats per token, mean of {seeds}. "
                + (
                    others.Count == 0
                        ? "All others that trained are behind by more than chance explains."
                        : $"Not distinguishable from it: {string.Join(", ", others)}."
                )
        );
    }

    private static IEnumerable<Choice> Cheapest(
        string purpose,
        string unit,
        RankedCandidate best,
        IReadOnlyList<RankedCandidate> level,
        Func<RankedCandidate, double?> cost
    )
    {
        if (cost(best) is not { } ofBest || level.Where(one => cost(one) is not null).MinBy(cost) is not { } least)
        {
            yield break;
        }

        if (cost(least) < (1 - Notable) * ofBest)
        {
            yield return new Choice(
                purpose,
                least.Candidate.Name,
                $"{Numbers.ThreeDigits(cost(least))} {unit}; {best.Candidate.Name} takes {Numbers.ThreeDigits(ofBest)}."
            );
        }
    }

    private static IEnumerable<Choice> Tolerant(IReadOnlyList<RankedCandidate> ranking)
    {
        var rates = ranking.SelectMany(one => one.Search).Select(run => run.LearningRate).Distinct().ToList();
        if (rates.Count < 2)
        {
            yield break;
        }

        var tolerant = ranking
            .Where(one => one.Trained && one.Search.All(run => run.Results.Outcome != RunOutcome.Diverged))
            .Where(one => one.HighestTolerated == rates.Max())
            .ToList();
        if (tolerant.Count > 0 && tolerant.Count < ranking.Count)
        {
            yield return new Choice(
                "wide choice of learning rates",
                string.Join(", ", tolerant.Select(one => one.Candidate.Name)),
                $"They learned at the highest rate tried, {OptionKey.Format(rates.Max())}, and diverged at none."
            );
        }
    }

    private static IEnumerable<Choice> Failing(IReadOnlyList<RankedCandidate> ranking)
    {
        var failing = ranking.Where(one => one.Failed > 0).ToList();
        if (failing.Count > 0)
        {
            yield return new Choice(
                "to be avoided at this depth and budget",
                string.Join(", ", failing.Select(one => one.Candidate.Name)),
                string.Join(
                    "; ",
                    failing.Select(one => $"{one.Candidate.Name} failed in {one.Failed} of {one.Tried.Count} runs")
                ) + "."
            );
        }
    }
}
