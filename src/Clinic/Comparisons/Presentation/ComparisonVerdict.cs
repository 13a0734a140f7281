using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>What a comparison's numbers say, in plain words that claim no more than they show.</summary>
/// <param name="Headline">In one sentence.</param>
/// <param name="Details">What else a reader should know, a sentence each.</param>
internal sealed record ComparisonVerdict(string Headline, IReadOnlyList<string> Details)
{
    /// <summary>
    /// Runs whose numbers of target tokens differ by more than this share did not get the same training: 2 %, more than
    /// the last batches of equal plans differ by.
    /// </summary>
    private const double SameTraining = 0.02;

    // More do not get a sentence each.
    private const int FewFailing = 3;

    /// <summary>Judges the runs of a comparison.</summary>
    public static ComparisonVerdict Of(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ComparisonVerdict(
            HeadlineOf(report.Ranking),
            [.. Unfinished(report), .. Explain(report.Runs, VariantRuns.Group(report)), .. Unsearched(report)]
        );
    }

    private static string HeadlineOf(IReadOnlyList<RankedCandidate> ranking)
    {
        var trained = ranking.Where(one => one.Trained).ToList();
        if (trained.Count == 0)
        {
            return ranking.Count == 0
                ? "There are no runs to compare."
                : "No run trained: each diverged, or learned no more than token frequencies.";
        }

        var (best, loss) = (trained[0], trained[0].Nll!.Mean);
        if (trained.Count == 1)
        {
            return ranking.Count == 1
                ? $"Only {best.Candidate.Name} was run; its validation loss is {Numbers.Loss(loss)} nats per token."
                : $"Only {best.Candidate.Name} trained: its validation loss is {Numbers.Loss(loss)} nats per token.";
        }

        var (second, ahead) = (trained[1], trained[1].Nll!.Mean - loss);
        var reached =
            $"{best.Candidate.Name} reached the lowest validation loss, {Numbers.Loss(loss)} nats per token "
            + $"(perplexity {Numbers.Perplexity(Math.Exp(loss))})";
        return second.Failed > best.Failed && ahead <= 0
                ? $"{best.Candidate.Name} reached the lowest validation loss of those that always train, "
                    + $"{Numbers.Loss(loss)} nats per token; {second.Candidate.Name} was lower where it trained."
            : Apart(second, ahead) ? $"{reached}, {Numbers.Loss(ahead)} below {second.Candidate.Name}."
            : $"{reached}, but only {Numbers.Loss(ahead)} below {second.Candidate.Name}: {Doubt(second)}";
    }

    // With two seeds or more a test decides; a single seed has no spread, so then only a notable difference counts.
    private static bool Apart(RankedCandidate second, double ahead) =>
        second.AdjustedP is null ? ahead > Thresholds.Notable : second.IsBehind;

    private static string Doubt(RankedCandidate second) =>
        second.AdjustedP is { } p
            ? $"seeds differ by as much, so the two are level (Welch's t test, p = {Numbers.PValue(p)})."
            : "with one seed each, chance may decide that.";

    private static string Name(RankedCandidate one) => one.Candidate.Name;

    private static IEnumerable<string> Unfinished(ComparisonReport report)
    {
        if (!report.Complete)
        {
            yield return "The comparison is not finished: these are the trainings that have ended so far.";
        }
    }

    private static IEnumerable<string> Unsearched(ComparisonReport report)
    {
        if (report.Search.Count == 0 && report.Ranking.Count > 1)
        {
            yield return "All variants were trained with one learning rate, which may suit some better than others.";
        }

        var diverged = report.Ranking.Where(one => report.Complete && one.Runs.Count == 0).Select(Name).ToList();
        if (diverged.Count > 0)
        {
            yield return $"Diverged at every learning rate of the search: {string.Join(", ", diverged)}.";
        }

        var tooShort = report.Ranking.Where(one => one.IsSearchTooShort).Select(Name).ToList();
        if (tooShort.Count > 0)
        {
            yield return "No training of the search learned more than token frequencies, so it was too short to choose "
                + $"a learning rate, for {string.Join(", ", tooShort)}.";
        }

        var edges = report.Ranking.Where(one => one.IsAtEdge).Select(Name).ToList();
        if (edges.Count > 0)
        {
            yield return "The best learning rate is at an end of the grid, so a rate outside may be better, for "
                + $"{string.Join(", ", edges)}.";
        }
    }

    private static IEnumerable<string> Explain(IReadOnlyList<ReportedRun> runs, IReadOnlyList<VariantRuns> variants)
    {
        var failing = variants.Where(variant => variant.Failed > 0).ToList();
        foreach (var variant in failing.Where(_ => failing.Count <= FewFailing))
        {
            yield return variant.Runs.Count == 1
                ? $"{variant.Name} failed to train."
                : $"{variant.Name} failed to train in {Numbers.Count(variant.Failed)} of "
                    + $"{Numbers.Count(variant.Runs.Count)} runs.";
        }

        if (failing.Count > FewFailing)
        {
            yield return "Failed to train: "
                + string.Join(", ", failing.Select(one => $"{one.Name} ({one.Failed} of {one.Runs.Count} runs)"))
                + ".";
        }

        var scored = variants
            .Where(variant => variant.Bleus.Count > 0)
            .OrderByDescending(variant => variant.Bleus.Average())
            .ToList();
        yield return scored.Count switch
        {
            0 => "No test set was translated and scored, so there is no BLEU.",
            1 =>
                $"{scored[0].Name} scores BLEU {Numbers.Bleu(scored[0].Bleus.Average())}; no other variant was scored.",
            _ => "BLEU of the test set: "
                + string.Join(", ", scored.Select(variant => $"{variant.Name} {Numbers.Bleu(variant.Bleus.Average())}"))
                + ".",
        };

        if (
            runs.Where(run => run.Results.Bleu is not null)
                .Select(run => run.Results.BleuSignature)
                .Distinct(StringComparer.Ordinal)
                .Count() > 1
        )
        {
            yield return "The scores have different signatures: they were not computed alike, and cannot be compared.";
        }

        var trained = runs.Where(run => !run.Results.Failed)
            .Select(run => run.Results.Tokens)
            .DefaultIfEmpty()
            .ToList();
        if (trained.Max() - trained.Min() > SameTraining * trained.Max())
        {
            yield return "The runs that trained did not see the same amount of text "
                + $"({Numbers.RoughCount(trained.Min())} to {Numbers.RoughCount(trained.Max())} target tokens): a "
                + $"lower loss may come from more training.";
        }
    }
}
