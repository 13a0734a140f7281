using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Reports;

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

    /// <summary>Judges the runs of a comparison.</summary>
    public static ComparisonVerdict Of(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var variants = VariantRuns.Group(report.Runs);
        return new ComparisonVerdict(HeadlineOf(variants), [.. Explain(report.Runs, variants)]);
    }

    private static string HeadlineOf(IReadOnlyList<VariantRuns> variants)
    {
        var ranked = Ranked(variants);
        if (ranked.Count == 0)
        {
            return variants.Count == 0
                ? "There are no runs to compare."
                : "No run trained to a finite validation loss.";
        }

        var best = ranked[0];
        var reached =
            $"{best.Name} reached the lowest validation loss, {Numbers.Loss(best.Nlls.Average())} nats per token "
            + $"(perplexity {Numbers.Perplexity(Math.Exp(best.Nlls.Average()))})";
        if (ranked.Count == 1)
        {
            return variants.Count == 1
                ? $"Only {best.Name} was run; its validation loss is {Numbers.Loss(best.Nlls.Average())} nats per "
                    + "token."
                : $"Only {best.Name} trained: its validation loss is {Numbers.Loss(best.Nlls.Average())} nats per "
                    + "token.";
        }

        var second = ranked[1];
        var ahead = Numbers.Loss(second.Nlls.Average() - best.Nlls.Average());
        var doubt =
            Seeds(best, second) > 1
                ? "less than the seeds differ, so the two are level."
                : "with one seed each, chance may decide that.";
        return Apart(best, second)
            ? $"{reached}, {ahead} below {second.Name}."
            : $"{reached}, but only {ahead} below {second.Name}: {doubt}";
    }

    private static IEnumerable<string> Explain(IReadOnlyList<ReportedRun> runs, IReadOnlyList<VariantRuns> variants)
    {
        foreach (var variant in variants.Where(variant => variant.Failed > 0))
        {
            yield return variant.Runs.Count == 1
                ? $"{variant.Name} failed to train."
                : $"{variant.Name} failed to train in {Numbers.Count(variant.Failed)} of "
                    + $"{Numbers.Count(variant.Runs.Count)} runs.";
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

    private static List<VariantRuns> Ranked(IReadOnlyList<VariantRuns> variants) =>
        [.. variants.Where(variant => variant.Nlls.Count > 0).OrderBy(variant => variant.Nlls.Average())];

    // Separate ranges: every seed of the better one is better than every seed of the other. A single seed has no range,
    // so then only a notable difference counts.
    private static bool Apart(VariantRuns best, VariantRuns second) =>
        Seeds(best, second) > 1
            ? best.Nlls.Max() < second.Nlls.Min()
            : second.Nlls.Average() - best.Nlls.Average() > Thresholds.Notable;

    private static int Seeds(VariantRuns best, VariantRuns second) => Math.Min(best.Nlls.Count, second.Nlls.Count);
}
