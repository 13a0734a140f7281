using TransformerClinic.Common;
using TransformerClinic.Comparisons.Statistics;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The tables that follow from the ranking.</summary>
internal static class RankingTables
{
    /// <summary>Every candidate in a row: quality, how sure it is, and what it costs.</summary>
    public static TableView Ranking(IReadOnlyList<RankedCandidate> ranking, IReadOnlyList<VariantRuns> variants) =>
        new(
            "Ranking",
            [
                "variant",
                "validation loss",
                "behind the best",
                "p",
                "BLEU",
                "failed",
                "learning rate",
                "s per update",
                "MiB",
                "parameters",
            ],
            [.. ranking.Select(one => Row(one, variants))]
        )
        {
            Kind = "runs",
            Note =
                "Validation loss: mean of the final negative log-likelihood of the seeds that trained, in nats per "
                + "target token, plus or minus half of its 95 % interval (Student's t). Behind the best: the "
                + "difference with its 95 % interval by Welch's t test, and the test's p-value, corrected by Holm's "
                + "method for all that are compared; below 0.05 it is more than chance explains. Variants of which a "
                + "run failed come after those that always trained. Seconds and memory (the process's working set) are "
                + "of this machine and its load.",
        };

    /// <summary>What to choose when; null if nothing trained.</summary>
    public static TableView? Choices(IReadOnlyList<RankedCandidate> ranking) =>
        Choice.Of(ranking) is { Count: > 0 } choices
            ? new TableView(
                "What to choose when",
                [new("what counts", IsText: true), new("variants", IsText: true), new("because", IsText: true)],
                [.. choices.Select(choice => (CellView[])[choice.Purpose, choice.Names, choice.Why])]
            )
            {
                Kind = "reasons",
            }
            : null;

    /// <summary>Every failed training with its reason; null if none failed.</summary>
    public static TableView? Failures(IReadOnlyList<RankedCandidate> ranking)
    {
        CellView[][] rows =
        [
            .. from one in ranking
            from run in one
                .Search.Select(run => (Run: run, Where: "search"))
                .Concat(one.Runs.Select(run => (Run: run, Where: "comparison")))
            where run.Run.Results.Failed
            select (CellView[])
                [
                    one.Candidate.Name,
                    OptionKey.Format(run.Run.LearningRate),
                    Numbers.Plain(run.Run.Seed),
                    run.Where,
                    Numbers.Count(run.Run.Results.Updates),
                    run.Run.Results.Verdict,
                ],
        ];
        return rows.Length == 0
            ? null
            : new TableView(
                "Failures",
                ["variant", "learning rate", "seed", new("in the", IsText: true), "updates", new("why", IsText: true)],
                rows
            )
            {
                Kind = "reasons",
            };
    }

    /// <summary>The numbers of the drawing.</summary>
    public static TableView Intervals(IReadOnlyList<RankedCandidate> ranking) =>
        new(
            "Validation loss of every variant",
            ["variant", "mean", "interval, low", "high", "seeds"],
            [
                .. ranking.Select(one =>
                    (CellView[])
                        [
                            one.Candidate.Name,
                            Numbers.Loss(one.Nll!.Mean),
                            Numbers.Loss(one.Nll.Low),
                            Numbers.Loss(one.Nll.High),
                            Numbers.Count(one.Nll.Count),
                        ]
                ),
            ]
        );

    private static CellView[] Row(RankedCandidate one, IReadOnlyList<VariantRuns> variants)
    {
        var color = variants.FirstOrDefault(variant => variant.Name == one.Candidate.Name)?.Color ?? Palette.Grey;
        return
        [
            new(one.Candidate.Name) { Swatch = new LegendEntry(one.Candidate.Name, color, Swatch.Dot).View().Swatch },
            one.Nll is { } nll ? Loss(nll) : FailedLoss(one),
            one.BehindBest is { } behind
                ? $"{Numbers.Loss(behind.Difference)} ± {Numbers.Loss(behind.HalfWidth)}"
                : Numbers.Missing,
            Numbers.PValue(one.AdjustedP),
            Numbers.Bleu(one.Bleu?.Mean),
            one.Failed == 0
                ? $"0 of {one.Tried.Count}"
                : new CellView($"{one.Failed} of {one.Tried.Count}") { Mood = Mood.Poor },
            one.LearningRate is { } rate ? OptionKey.Format(rate) + (one.IsAtEdge ? " (end)" : "") : Numbers.Missing,
            Numbers.ThreeDigits(one.SecondsPerUpdate),
            one.MemoryMiB is { } memory ? Numbers.Count(memory) : Numbers.Missing,
            Numbers.RoughCount(one.Parameters),
        ];
    }

    // A loss at the level of token frequencies is a number, too; a diverged one may be none.
    private static string FailedLoss(RankedCandidate one) =>
        MeanInterval.Of([.. one.Runs.Select(run => run.Results.ValidationNll).OfType<double>()]) is { } nll
            ? $"{Numbers.Loss(nll.Mean)} (failed)"
            : Numbers.Missing;

    private static string Loss(MeanInterval nll) =>
        nll.HalfWidth is { } half ? $"{Numbers.Loss(nll.Mean)} ± {Numbers.Loss(half)}" : Numbers.Loss(nll.Mean);
}
